"""Where the lines of an order are: one finder a layout, the first that finds them is right."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from richsync.drafts.contents import fits
from richsync.drafts.matching import Guess, Level, matches, paths
from richsync.drafts.model import Key, Lines
from richsync.drafts.samples import Column, Sample, of_objects
from richsync.drafts.words import Reader
from richsync.drafts.yamltext import in_quotes, quoted
from richsync.fieldmaps.celltexts import FORMS
from richsync.fieldmaps.unfolding import HOLE
from richsync.model import Problem

_ITEM = "item"
_TELLING = frozenset({"sku", "name", "id", "price", "quantity", "totalPrice", "optionId"})
_NOT_LINES = frozenset({"variant", "tax", "discount", "coupon", "other", "shipping", "payment"})
_COMPLETE = frozenset({"price", "quantity"})
_FEWEST = 2
_NUMBERED = re.compile(r"\d+", re.ASCII)


class Seen(NamedTuple):
    """What finders look at: the export, how its names are read, what tells its orders apart."""

    sample: Sample
    reader: Reader
    key: Key
    found: Mapping[str, Guess]


def lines(seen: Seen) -> Lines | None:
    """Where the lines are; None when nothing in the export looks like them."""
    return next((found for finder in _FINDERS if (found := finder(seen)) is not None), None)


def of_members(sample: Sample, reader: Reader) -> dict[str, Guess]:
    """The fields of an item that the columns of a list hold."""
    return paths(matches(sample, reader, _ITEM), "items.")


def score(found: Mapping[str, Guess]) -> int:
    """How much it looks like the lines of an order; 0 when it does not."""
    telling = _TELLING & found.keys()
    prices = {"price", "totalPrice"} & telling
    return len(telling) + len(prices) if len(telling) >= _FEWEST else 0


def is_of_items(path: str, reader: Reader) -> bool:
    """Whether the name of a list says that it holds the lines of an order."""
    concepts = reader.concepts(path)
    return _ITEM in concepts and _NOT_LINES.isdisjoint(concepts)


def _in_list(seen: Seen) -> Lines | None:
    """A list of objects in JSON; one whose name does not say that it holds items is only a guess."""
    best: Lines | None = None
    for path, inner in seen.sample.lists.items():
        found = of_members(inner, seen.reader)
        is_named = is_of_items(path, seen.reader)
        is_nameless = not seen.reader.concepts(path)
        if not score(found) or not (is_named or (is_nameless and found.keys() >= _COMPLETE)):
            continue
        within = tuple(seen.key.ordinals[at] for at in inner.within)
        level, note = (Level.SURE, "") if is_named else (Level.GUESS, "the list that looks most like it")
        drawn = Lines({"path": quoted(path)}, inner, within, found, note, level)
        if best is None or (drawn.level, -score(found)) < (best.level, -score(best.found)):
            best = drawn
    return best


def _numbered(seen: Seen) -> Lines | None:
    """Blocks of numbered columns, `Item 1 Name`."""
    blocks: dict[str, list[tuple[str, Column]]] = {}
    for column in seen.sample.columns:
        for digits in _NUMBERED.finditer(column.name):
            template = f"{column.name[: digits.start()]}{HOLE}{column.name[digits.end() :]}"
            blocks.setdefault(template, []).append((digits[0], column))
    families: dict[str, list[str]] = {}
    for template, members in blocks.items():
        if len({number for number, _ in members}) >= _FEWEST or _is_alone(template, blocks):
            families.setdefault(template.partition(HOLE)[0], []).append(template)
    found = (_of_block(templates, blocks, seen) for templates in families.values())
    return max(filter(None, found), key=lambda each: score(each.found), default=None)


def _is_alone(template: str, blocks: Mapping[str, object]) -> bool:
    """Whether the first block is the only one: then at least three columns begin like it."""
    start = template.partition(HOLE)[0]
    return bool(start) and sum(other.startswith(f"{start}{HOLE}") for other in blocks) > _FEWEST


def _of_block(
    templates: Sequence[str], blocks: Mapping[str, Sequence[tuple[str, Column]]], seen: Seen
) -> Lines | None:
    numbers = sorted({number for each in templates for number, _ in blocks[each]}, key=int)
    size = seen.sample.size
    empty = Column("", ("",) * size)
    columns, within = [], []
    for template in templates:
        held = dict(blocks[template])
        cells = tuple(cell for number in numbers for cell in held.get(number, empty).cells)
        columns.append(Column(template, cells))
    within = [seen.key.ordinals[at] for _ in numbers for at in range(size)]
    bare = Sample(
        seen.sample.name,
        tuple(each._replace(name=each.name.replace(HOLE, " ")) for each in columns),
        len(within),
    )
    named = {each.name.replace(HOLE, " "): each for each in columns}
    found = {
        name: guess._replace(column=named[guess.column.name])
        for name, guess in of_members(bare, seen.reader).items()
    }
    if not score(found):
        return None
    first = found.get("name") or found.get("sku") or next(iter(found.values()))
    sample = Sample(seen.sample.name, tuple(columns), len(within))
    used = frozenset(column.name for each in templates for _, column in blocks[each])
    words = {"repeat": quoted(first.column.name)}
    return Lines(words, sample, tuple(within), found, used=used)


def _in_cell(seen: Seen) -> Lines | None:
    """JSON, pairs or a known pattern in the text of one cell."""
    if seen.key.is_per_row:
        return None
    for column in seen.sample.columns:
        is_named = _ITEM in seen.reader.concepts(column.name)
        for form, said in _forms(column, is_named=is_named):
            members = _members(column, form, said)
            if not members:
                continue
            inner = of_objects(column.name, [each for _, each in members], [at for at, _ in members])
            found = of_members(inner, seen.reader)
            if form == "pattern":
                found = {each.name: Guess(each.name, each, Level.LIKELY) for each in inner.columns}
            if score(found):
                words = {"cell": quoted(column.name), "as": form}
                words |= {name: in_quotes(text) for name, text in said.items()}
                within = tuple(seen.key.ordinals[at] for at in inner.within)
                level = Level.SURE if form == "json" else Level.GUESS
                note = "" if form == "json" else "check that every cell is written so"
                return Lines(words, inner, within, found, note, level, frozenset({column.name}))
    return None


_WITH_PRICES = (
    r"(?P<name>.+?)(?: \(SKU: (?P<sku>[^)]*)\))? x ?(?P<quantity>\d+)"
    r" @ ?\D{0,3}(?P<price>\d[\d.,]*) = \D{0,3}\d[\d.,]*"
)
_PATTERNS = (
    _WITH_PRICES,
    r"(?P<sku>[^:|;,]+):(?P<quantity>\d+):(?P<price>\d[\d.]*)",
    r"(?P<quantity>\d+) ?[xX×] (?P<name>.+) @ ?\D{0,3}(?P<price>\d[\d.,]*)",
    r"(?P<quantity>\d+) ?[xX×*] ?(?P<name>\D.*)",
    r"(?P<name>.*\D) ?[xX×*] ?(?P<quantity>\d+)",
    r"(?P<name>.+) \([xX×]?(?P<quantity>\d+)\)",
)
_ESCAPED = re.compile(r"\\([ -])")
"""What needs no escape where it stands."""

_COUNT = re.compile(r"(?<![^\W\d_])[xX×*] ?\d|\d ?[xX×] ")
_SPLITS = ("\n", "; ", ";", " | ", "|", ", ", " + ", ",")
_PAIRS = (": ", ":", "=")
_BETWEEN = (", ", "|", "; ", ";", ",")


def _forms(column: Column, *, is_named: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The forms that a column's cells may have, the plainer ones first."""
    filled = column.filled
    if not filled:
        return
    if all(cell[0] in "[{" for cell in filled):
        yield "json", {}
    for pair, between in product(_PAIRS, _BETWEEN):
        name = filled[0].partition(pair)[0]
        if (
            name != filled[0]
            and between in filled[0]
            and all(cell.startswith(f"{name}{pair}") for cell in filled)
        ):
            said = {"pair": pair, "between": between, "split_before": f"{name}{pair}".rstrip()}
            default = {"pair": ": ", "between": ", "}
            yield "pairs", {key: text for key, text in said.items() if default.get(key) != text}
    if is_named:
        yield from _patterns(filled)


def _patterns(cells: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The known patterns that every piece of every cell fits, cut where a separator stands."""
    for pattern, split in product(_PATTERNS, (*_SPLITS, "")):
        if split and not any(split in cell for cell in cells):
            continue
        pieces = [each for cell in cells for each in (cell.split(split) if split else [cell]) if each.strip()]
        whole = re.compile(pattern)
        if all(whole.fullmatch(each.strip()) and len(_COUNT.findall(each)) <= 1 for each in pieces):
            yield "pattern", {"pattern": pattern} | ({"split": split} if split else {})


def _members(column: Column, form: str, said: Mapping[str, str]) -> list[tuple[int, dict[str, object]]]:
    """Every member in the cells with the ordinal of its record; none when a cell cannot be read."""
    read, _ = FORMS[form].make(said)
    found: list[tuple[int, dict[str, object]]] = []
    for at, cell in enumerate(column.cells):
        members = read(cell) if cell in column.filled else []
        if isinstance(members, Problem):
            return []
        found += [(at, each) for each in members]
    return found


def _products(seen: Seen) -> Lines | None:
    """Products as columns, `How many Tea?`: many that begin or end alike, with small numbers in them."""
    if seen.key.is_per_row or "items.quantity" in seen.found:
        return None
    numeric = [each for each in seen.sample.columns if fits(each, "whole") is not False]
    starts = Counter(
        " ".join(each.name.split()[:_FEWEST]) for each in numeric if len(each.name.split()) > _FEWEST
    )
    start, count = max(starts.items(), key=lambda each: each[1], default=("", 0))
    chosen = [each for each in numeric if each.name.startswith(f"{start} ")]
    if count <= _FEWEST or not any(each.filled for each in chosen):
        return None
    begin = _ESCAPED.sub(r"\1", re.escape(start))
    pattern = rf"{begin} (?P<name>.+?)\??"
    cells = tuple(cell for each in chosen for cell in each.cells)
    within = tuple(seen.key.ordinals[at] for _ in chosen for at in range(seen.sample.size))
    names = tuple(each.name for each in chosen for _ in range(seen.sample.size))
    columns = (Column("$cell", cells), Column("name", names))
    found = {
        "quantity": Guess("quantity", columns[0], Level.LIKELY),
        "name": Guess("name", columns[1], Level.LIKELY),
    }
    note = f"each column that begins with {start!r} is taken for a product"
    words, used = {"columns": in_quotes(pattern)}, frozenset(each.name for each in chosen)
    return Lines(words, Sample("", columns, len(cells)), within, found, note, Level.GUESS, used)


def _rows(seen: Seen) -> Lines | None:
    """The records themselves."""
    found = paths(seen.found, "items.")
    if not found or (len(found) == 1 and "quantity" in found):
        return None
    return Lines({}, seen.sample, seen.key.ordinals, found)


_FINDERS: Sequence[Callable[[Seen], Lines | None]] = (_in_list, _numbered, _in_cell, _products, _rows)
