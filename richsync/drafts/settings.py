"""How an export writes things, as far as it is not plain."""

from collections.abc import Iterable, Iterator

from richsync.drafts import dates
from richsync.drafts.model import Draft, Entry, Key, todo
from richsync.drafts.numbers import Numbers
from richsync.drafts.rules import RULES
from richsync.drafts.samples import NOTHING, Sample
from richsync.drafts.yamltext import in_quotes, listed, quoted

_FOUND_AGAIN = ("utf-8", "ascii", "utf-16")
_ZONE = "timezone: Europe/Berlin  # the shop's own: dates without an offset count as UTC"


def export(sample: Sample, key: Key, drawn: Draft, style: Numbers) -> tuple[Entry, ...]:
    """The settings."""
    return (
        *_format(sample),
        *_numbers(style),
        *_dates(_seen(drawn)),
        *_empty(drawn),
        *_rows(key, sample.parent),
    )


def hints(drawn: Draft) -> tuple[str, ...]:
    """What may be said in addition."""
    seen = _seen(drawn)
    return (_ZONE,) if seen.is_local or seen.open else ()


def _format(sample: Sample) -> Iterator[Entry]:
    if sample.encoding not in _FOUND_AGAIN:
        yield Entry("encoding", quoted(sample.encoding))
    if sample.delimiter not in ("", ","):
        yield Entry("delimiter", "tab" if sample.delimiter == "\t" else in_quotes(sample.delimiter))


def _numbers(style: Numbers) -> Iterator[Entry]:
    if style.is_open:
        yield todo("numbers", 'is 1.234 a thousand or one? Write a number as the export does, "1.234,56"')
    elif style.examples:
        yield Entry("numbers", _one_or_more(map(in_quotes, style.examples)))


def _seen(drawn: Draft) -> dates.Dates:
    return dates.sniffed(_moments(drawn))


def _dates(seen: dates.Dates) -> Iterator[Entry]:
    if seen.open:
        choice = " or ".join(dict.fromkeys(form for forms in seen.open for form in forms))
        yield todo("dates", f"nothing looked at proves which: {choice}")
    elif seen.formats not in ((), ("iso",)):
        yield Entry("dates", _one_or_more(in_quotes(each) if "%" in each else each for each in seen.formats))


def _moments(drawn: Draft) -> Iterator[str]:
    """The cells of all dates, with their time where that stands in a column of its own."""
    for each in (*drawn.order, *drawn.fulfillment):
        rule = RULES.get(each.name)
        if rule is not None and rule.looks == "moment" and each.columns:
            for parts in zip(*(column.cells for column in each.columns), strict=True):
                if all(parts) and not NOTHING & set(parts):
                    yield " ".join(parts)


def _empty(drawn: Draft) -> Iterator[Entry]:
    held = {cell for each in drawn.entries for column in each.columns for cell in column.cells}
    if words := sorted(held & NOTHING):
        yield Entry("empty", listed(map(in_quotes, words)), note="cells that mean nothing")


def _rows(key: Key, parent: str) -> Iterator[Entry]:
    if parent:
        yield Entry("parent", quoted(parent), note="records that name another belong to it")
    if key.column is not None and key.is_per_row:
        yield Entry("group", quoted(key.column.name), note="rows with the same value are one order")
    if key.is_scattered:
        yield Entry("scattered", "true", note="and they do not stand next to each other")


def _one_or_more(texts: Iterable[str]) -> str:
    told = list(texts)
    return told[0] if len(told) == 1 else listed(told)
