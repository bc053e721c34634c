"""What `richsync validate` was asked for, done and told in every format at once."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from richsync.checks import NAMES, Severity, named
from richsync.cli.written import read_by, rejects_of
from richsync.display.findings import show_export, show_findings, show_verdict
from richsync.display.outputs import FAILING, FailOn, Format, rendered
from richsync.display.progress import Reading
from richsync.display.screen import Screen
from richsync.errors import BadMapError, UnusableError
from richsync.fieldmaps.nearest import nearest
from richsync.files import written_whole
from richsync.pipeline.readings import Source
from richsync.pipeline.scopes import last_moment
from richsync.pipeline.validations import Surveyed
from richsync.pipeline.validations import validate as surveyed
from richsync.reports import Result, result, unusable


class Asked(NamedTuple):
    """The command line of a validation; `sources` opens the maps."""

    sources: Callable[[], tuple[Source, ...]]
    form: Format
    reports: tuple[str, ...]
    fail_on: FailOn
    ignored: tuple[str, ...]
    as_of: str
    rejects: Path | None
    show_values: bool


def run(asked: Asked, screen: Screen) -> int:
    """Validate and tell; gives the exit code."""
    ignored = _ignored(asked.ignored)
    reports = _reports(asked.reports)
    try:
        sources = tuple(_judging(_ignoring(each, ignored), asked.as_of) for each in asked.sources())
        _spared(sources, reports)
        rejects = rejects_of(sources, asked.rejects, reports) if asked.rejects else None
        with Reading(screen) as progress:
            found = surveyed(sources, progress, rejects)
    except BadMapError as error:
        told = unusable(error)
        _write(told, reports, asked)
        if asked.form not in (Format.TEXT, Format.JSON):  # as JSON it is told where every ending is
            screen.lines([rendered(_at_home(told, asked.form), asked.form, asked.fail_on)])
        raise
    told = result(found, show_values=asked.show_values)
    _write(told, reports, asked)
    is_seen = screen.out.is_terminal and asked.form is Format.TEXT and not asked.show_values
    _show(found, result(found, show_values=True) if is_seen else told, asked, screen)
    return _exit_code(found, asked, screen)


def _ignored(words: Iterable[str]) -> frozenset[str]:
    """The codes that are not told, of codes and names.

    Raises:
        UnusableError: there is no such finding, or it is an error: an order that has it cannot be sent.
    """
    codes = set[str]()
    for word in (part.strip() for each in words for part in each.split(",")):
        check = named(word)
        if check is None:
            raise UnusableError(
                f"--ignore: there is no finding {word!r}", nearest(word, NAMES) or "see `richsync rule`"
            )
        if check.severity is Severity.ERROR:
            what = f"{check.code} {check.name} cannot be ignored: an order that has it cannot be sent"
            raise UnusableError(what, f"mend it: {check.mend}")
        codes.add(check.code)
    return frozenset(codes)


def _ignoring(source: Source, codes: frozenset[str]) -> Source:
    """The source with those findings ignored as if its map said so."""
    weights = source.field_map.weights
    for code in sorted(codes):
        if weights.given.get(code) is Severity.ERROR:
            what = f"{code} cannot be ignored: {source.map_file} makes it an error, and an import obeys it"
            raise UnusableError(what, "take it out of `checks:` in the map")
    ignoring = source.field_map._replace(weights=weights._replace(ignored=weights.ignored | codes))
    return source._replace(field_map=ignoring)


def _judging(source: Source, as_of: str) -> Source:
    """The source with its dates judged at the end of a day in the zone of its map, or now."""
    if not as_of:
        return source
    try:
        return source._replace(as_of=last_moment("--as-of", as_of, source.field_map.export.zone))
    except ValueError as error:
        raise UnusableError(str(error), "see richsync validate --help") from None


def _reports(words: Iterable[str]) -> dict[Path, Format]:
    """Where which format is written, of `junit=report.xml`."""
    found: dict[Path, Format] = {}
    for word in words:
        name, _, file = word.partition("=")
        path = Path(file)
        if name not in list(Format) or not file:
            raise UnusableError(f"--report {word!r}: write FORMAT=FILE", f"formats are {', '.join(Format)}")
        if path in found:
            raise UnusableError(f"two reports are to be written to {path}", "name another file")
        if path.is_dir() or not path.absolute().parent.is_dir():
            reason = "it is a folder" if path.is_dir() else f"there is no folder {path.parent}"
            raise UnusableError(f"a report cannot be written to {path}: {reason}", "name another file")
        found[path] = Format(name)
    return found


def _spared(sources: Sequence[Source], reports: Iterable[Path]) -> None:
    for path in reports:
        if path.resolve() in read_by(sources):
            raise UnusableError(f"a report would take the place of {path}", "name another file with --report")


def _write(told: Result, reports: dict[Path, Format], asked: Asked) -> None:
    """Each report whole or not at all, and the page of a step of GitHub if this is one."""
    for path, form in reports.items():
        with written_whole(path, "the report", "name another file with --report") as file:
            file.write(rendered(_at_home(told, form), form, asked.fail_on))
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page and Path(page).exists():
        from richsync.reports.github import summary

        word, why = told.verdict
        with suppress(OSError), Path(page).open("a", encoding="utf-8") as file:
            file.write(summary(told.sources, (*told.totals, f"{word}: {why}")))


def _at_home(told: Result, form: Format) -> Result:
    """For GitHub the paths are those of the repository, wherever in it the command runs."""
    home = os.environ.get("GITHUB_WORKSPACE", "")
    if form is not Format.GITHUB or not home:
        return told
    return told._replace(
        sources=tuple(each._replace(path=_below(each.path, Path(home))) for each in told.sources)
    )


def _below(path: str, home: Path) -> str:
    full = Path(path).resolve()
    return str(full.relative_to(home.resolve())) if full.is_relative_to(home.resolve()) else path


def _show(found: Surveyed, told: Result, asked: Asked, screen: Screen) -> None:
    """The main output on stdout; what people need besides on stderr."""
    if asked.form in (Format.TEXT, Format.GITHUB):
        for survey in found.surveys:
            show_export(survey, screen)
    if asked.form is Format.TEXT:
        for each in told.sources:
            show_findings(each, screen.result, screen.out.width)
        show_verdict(told, screen.result)
    else:
        screen.lines([rendered(_at_home(told, asked.form), asked.form, asked.fail_on)])
    if asked.form is Format.GITHUB:
        show_verdict(told, screen.note)
    for written in found.rejects:
        if written.orders:
            screen.note(f"rejected orders are in {written.path}")
        if written.raw_orders:
            screen.note(f"rows that cannot carry a column are in {written.raw_path}")


def _exit_code(found: Surveyed, asked: Asked, screen: Screen) -> int:
    failing = FAILING[asked.fail_on]
    is_failure = any(survey.findings.count(each) for survey in found.surveys for each in failing)
    is_sound = all(survey.is_sound for survey in found.surveys)
    if is_failure is is_sound:
        screen.note(f"exit code {int(is_failure)}: --fail-on {asked.fail_on}")
    return int(is_failure)
