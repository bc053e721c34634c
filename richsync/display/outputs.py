"""A validation in each of its formats."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from rich.text import Text

from richsync.checks import Severity
from richsync.display.findings import show_findings, show_verdict
from richsync.display.screen import PLAIN, safe
from richsync.jsontext import dumps
from richsync.reports import Result, annotations, junit


class Format(StrEnum):
    """How findings are told."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    JUNIT = "junit"


class FailOn(StrEnum):
    """Which findings fail a run: exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


FAILING: Mapping[FailOn, Collection[Severity]] = {
    FailOn.ERROR: {Severity.ERROR},
    FailOn.WARNING: {Severity.ERROR, Severity.WARNING},
    FailOn.NEVER: (),
}


def rendered(result: Result, form: Format, fail_on: FailOn) -> str:
    """The result as text of a format, for no terminal."""
    match form:
        case Format.TEXT:
            return _text(result)
        case Format.JSON:
            return f"{dumps(result.document).decode()}\n"
        case Format.GITHUB:
            return annotations(result.sources)
        case Format.JUNIT:
            return junit(result.sources, FAILING[fail_on])


def _text(result: Result) -> str:
    lines: list[str] = []

    def write(*parts: str | Text) -> None:
        lines.append("".join(safe(part).plain for part in parts))

    for told in result.sources:
        show_findings(told, write, PLAIN)
    show_verdict(result, write)
    return "".join(f"{line}\n" for line in lines)
