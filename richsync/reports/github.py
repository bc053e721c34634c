"""GitHub's forms: annotations, one a group of findings, and a page for the summary of a step.

GitHub shows ten annotations of a kind for a step and drops the others: what would be dropped is named in the
last one that is shown. Sources: GitHub's page "Workflow commands for GitHub Actions", and on the limit
"Rate limits for annotations".
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from richsync.checks import Severity
from richsync.reports.told import Told, ToldGroup
from richsync.shown import github, markdown

_SHOWN = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "💬"}
_HEAD = ("", "| | finding | first at | most often | mend |", "|---|---|---|---|---|")

Found = tuple[str, ToldGroup]
"""A group and the path of the file it is about."""


def annotations(sources: Sequence[Told]) -> str:
    """Workflow commands, one a line; the paths are those of the repository."""
    found = [(told.path, group) for told in sources for group in told.groups]
    found.sort(key=lambda each: list(Severity).index(each[1].severity))
    kinds = [list(same) for _, same in groupby(found, key=lambda each: each[1].severity)]
    return "".join(f"{line}\n" for kind in kinds for line in _of_a_kind(kind))


def _of_a_kind(found: list[Found]) -> Iterator[str]:
    shown = found if len(found) <= _SHOWN else found[: _SHOWN - 1]
    for path, group in shown:
        yield _command(path, group, group.title, group.lines(path))
    if left := found[len(shown) :]:
        path, group = left[0]
        lines = [f"{path}: {each.code} {each.sentence}" for path, each in left]
        yield _command(path, group, f"{len(left)} more kinds of findings", lines)


def _command(path: str, group: ToldGroup, title: str, lines: list[str]) -> str:
    place = {"line": group.first.line, "col": group.first.column} if group.first else {}
    properties = {"file": path, **place, "title": title}
    told = ",".join(f"{name}={github(str(each), is_property=True)}" for name, each in properties.items())
    text = github("\n".join(lines))
    return f"::{_COMMANDS[group.severity]} {told}::{text}"


def summary(sources: Sequence[Told], ending: Sequence[str]) -> str:
    """A page of Markdown: a table of the findings of each source, and what it comes to."""
    tables = [line for told in sources for line in _table(told)]
    return "\n".join((*tables, "", *(f"{markdown(line)}  " for line in ending), "", ""))


def _table(told: Told) -> Iterator[str]:
    yield from ("", f"### richsync: {markdown(told.path)}")
    if told.groups:
        yield from _HEAD
    for group in told.groups:
        place = f"{group.first.line}:{group.first.column}" if group.first else ""
        cells = (f"{group.code} {group.sentence}", place, group.common, group.mend)
        yield f"| {_MARKS[group.severity]} | {' | '.join(map(markdown, cells))} |"
