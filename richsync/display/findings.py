"""Findings and mistakes as people read them."""

from collections.abc import Callable, Iterator

from richsync.checks import Severity
from richsync.display.screen import Screen, Styled, width_of
from richsync.errors import BadMapError
from richsync.pipeline.surveys import Survey
from richsync.reports import Excerpt, Result, Told, ToldGroup, ToldSample
from richsync.shown import counted, one_line

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_SAMPLES = 3
_MARGIN = "    | "


Write = Callable[..., None]
"""A line of text to one of the streams."""


def show_findings(told: Told, write: Write, width: int) -> None:
    """Every group of findings: what, where, and how to mend it; lines of the export are cut to the width."""
    for group in told.groups:
        write(Styled(f"{group.severity} {group.code} ", _STYLES[group.severity]), group.sentence)
        for line in _places(told.path, group, width):
            write(line)
        if group.common:
            write(f"  most often: {group.common}")
        write(Styled("  mend: ", "dim"), group.mend)


def _places(path: str, group: ToldGroup, width: int) -> Iterator[str]:
    """A few samples, the first with its line and a caret, and the place of the last."""
    for number, sample in enumerate(group.samples[:_SAMPLES]):
        line, column, record = sample.place
        which = "" if sample.order_id or record is None else f"  record {record:,}"
        yield f"  {path}:{line}:{column}{which}{sample.about}"
        excerpt = None if number else _fitting(sample, width - len(_MARGIN))
        if excerpt is not None:
            yield from _pointed(excerpt)
    more = group.times - min(len(group.samples), _SAMPLES)
    if group.last and more:
        yield f"  … {more:,} more, the last at {path}:{group.last.line}:{group.last.column}"


def _fitting(sample: ToldSample, width: int) -> Excerpt | None:
    """The line of a sample, cut to so many columns of the screen, of which some characters take two."""
    excerpt = sample.excerpt(width)
    over = width_of(one_line(excerpt.text)) - width if excerpt else 0
    return sample.excerpt(max(width - over, width // 2)) if over > 0 else excerpt


def _pointed(excerpt: Excerpt) -> Iterator[str]:
    """A line of the export and a caret below the cell, whatever its characters take on the screen."""
    end = excerpt.start + excerpt.length
    before, cell = (
        one_line(part) for part in (excerpt.text[: excerpt.start], excerpt.text[excerpt.start : end])
    )
    yield f"{_MARGIN}{one_line(excerpt.text)}"
    yield f"{_MARGIN}{' ' * width_of(before)}{'^' * max(width_of(cell), 1)}"


def show_export(survey: Survey, screen: Screen) -> None:
    """What was read, how, and with which map."""
    export = survey.export
    delimiter = {"\t": "tab", "": ""}.get(export.delimiter, repr(export.delimiter))
    how = ", ".join(
        part
        for part in (export.format, export.encoding, delimiter, export.compression)
        if part not in ("", "none")
    )
    screen.note(f"{export.name}: {how}; map {survey.field_map.name}")
    if export.preamble:
        screen.note(f"  {counted(export.preamble, 'line')} above the header passed over")
    if survey.grouped:
        which = "rows" if survey.field_map.export.scattered else "rows next to each other"
        screen.note(f"  {which} with the same key are one order")
    if survey.field_map.derived:
        screen.note(f"  taken from other fields: {'; '.join(survey.field_map.derived)}")


def show_verdict(found: Result, write: Write) -> None:
    """The last lines of `validate`: the totals, and whether it can be imported."""
    for line in found.totals:
        write(line)
    word, why = found.verdict
    write(Styled(word, "bold green" if word == "valid" else "bold red"), f": {why}")


def show_mistakes(error: BadMapError, screen: Screen) -> None:
    """Every mistake of a field map, at its place."""
    for each in error.mistakes:
        place = Styled(f"{error.name}:{each.line}:{each.column} ", "bold")
        screen.err.print(place, Styled(f"{each.code} ", "red"), each.message)
        if each.help:
            screen.err.print("  ", each.help)
    screen.error(error.message, error.hint)
