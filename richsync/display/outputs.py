"""A validation in each of its formats."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from richsync.checks import Severity
from richsync.display.findings import show_findings, show_verdict
from richsync.display.screen import PLAIN
from richsync.display.streams import Styled, line_of
from richsync.jsontext import dumps
from richsync.reports import Result


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
            from richsync.reports.github import annotations

            return annotations(result.sources)
        case Format.JUNIT:
            from richsync.reports.junit import junit

            return junit(result.sources, FAILING[fail_on])


def _text(result: Result) -> str:
    lines: list[str] = []

    def write(*parts: str | Styled) -> None:
        lines.append(line_of(parts))

    for told in result.sources:
        show_findings(told, write, PLAIN)
    show_verdict(result, write)
    return "".join(f"{line}\n" for line in lines)
