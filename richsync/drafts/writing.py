"""A draft as the text of a map, made to be read aloud."""

from collections.abc import Iterable, Iterator

from richsync.drafts.contents import masked
from richsync.drafts.matching import Level
from richsync.drafts.model import TODO, Draft, Entry
from richsync.drafts.samples import Column
from richsync.drafts.yamltext import quoted
from richsync.shown import counted

EDITORS = "# yaml-language-server: $schema="
"""Begins the line that tells editors where the schema of a map is."""

_SAMPLES = 2
_WIDEST = 44
_SHOWN_NAME = 60

_LEVELS = {
    Level.SURE: "the name says so, and the cells agree",
    Level.LIKELY: "the name or the cells say so: have a look",
    Level.GUESS: "check it before anything is imported",
}


def written(draft: Draft, schema: str, next_command: str) -> str:
    """The text of the map; `schema` is where editors find its JSON Schema."""
    return "\n".join([*_head(draft, schema, next_command), *_body(draft), *_tail(draft), ""])


def _head(draft: Draft, schema: str, next_command: str) -> Iterator[str]:
    yield f"{EDITORS}{schema}"
    looked = f"{counted(draft.size, 'record')} of it" if draft.size else "its header: there is no record"
    yield f"# A draft, made by looking at {_shown(draft.source)} ({looked})."
    yield "# Behind each column: how sure it is, and how its cells look, letters as x and digits as 9."
    for level, says in _LEVELS.items():
        yield f"#   {level.name.lower():<7} {says}"
    yield f"# What is left as {TODO} is yours to say. This tells what is: {next_command}"
    yield "richsync: 1"


def _body(draft: Draft) -> Iterator[str]:
    if draft.export or draft.hints:
        yield from ("", "export:" if draft.export else "# export:")
        yield from _entries(draft.export, 1)
        start = "  # " if draft.export else "#   "
        yield from (f"{start}{hint}" for hint in draft.hints)
    yield from ("", "order:")
    yield from _entries(draft.order, 1)
    if draft.items:
        yield "  items:"
        yield from _entries(draft.items, 2)
    else:
        yield from _without_items()
    if draft.fulfillment:
        yield "  fulfillment:"
        yield from _entries(draft.fulfillment, 2)
    yield from ("", "customer:")
    yield from _entries(draft.customer, 1)


def _without_items() -> Iterator[str]:
    yield f"  items: {TODO}  # the order's lines: nothing in the export looks like them. Do they stand in"
    yield "  # another file? `richsync init` takes both. Or send one line for the whole order:"
    yield "  # items: {name: =Order, price: <the amount>, quantity: =1}"


def _entries(entries: Iterable[Entry], depth: int) -> Iterator[str]:
    lines = [(f"{'  ' * depth}{each.name}: {each.value}", _comment(each)) for each in entries]
    width = min(max((len(line) for line, _ in lines), default=0), _WIDEST)
    for line, comment in lines:
        yield f"{line:<{width}}  # {comment}" if comment else line


def _comment(entry: Entry) -> str:
    level = entry.level.name.lower() if entry.level is not None else ""
    count = _SAMPLES if len(entry.columns) == 1 else 1
    cells = " / ".join(filter(None, (_cells(each, count) for each in entry.columns))) if level else ""
    return "; ".join(filter(None, (level, entry.note, cells)))


def _cells(column: Column, count: int = _SAMPLES) -> str:
    """The first different cells of a column, masked."""
    shown = dict.fromkeys(masked(each) for each in dict.fromkeys(column.filled))
    return ", ".join(list(shown)[:count])


def _tail(draft: Draft) -> Iterator[str]:
    if not draft.unmapped:
        return
    yield from (
        "",
        "# Columns that nothing is made of; a name of your own for one stands under `custom:` in `order:`:",
    )
    width = min(max(len(_shown(each.name)) for each in draft.unmapped), _WIDEST)
    for each in draft.unmapped:
        yield f"#   {_shown(each.name):<{width}}  {_cells(each) or '(empty)'}".rstrip()


def _shown(name: str) -> str:
    said = quoted(name)
    return said if len(said) <= _SHOWN_NAME else f"{said[:_SHOWN_NAME]}…"
