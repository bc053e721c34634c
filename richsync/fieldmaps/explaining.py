"""How the fields of an order came about, seen while the import's own closures read them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple, TypeAlias

from richsync.fieldmaps.cells import Cell
from richsync.fieldmaps.columns import ORDER, Names
from richsync.fieldmaps.filling import Filling, one_by_one
from richsync.fieldmaps.model import Column, Constant, Mapped, Pipe, Source, Text
from richsync.fieldmaps.pipes import Pipes
from richsync.fieldmaps.puts import in_turn
from richsync.jsontext import pretty
from richsync.model import Order, Problem
from richsync.values import Bad, is_empty
from richsync.verbs import Arguments

Stage: TypeAlias = tuple[str, Callable[[Any], object]]
"""What is done to a value, as the map says it, and a row to what it is then."""


class Step(NamedTuple):
    """One thing that was done, as the map says it, and what came of it."""

    said: str
    value: object


class Explained(NamedTuple):
    """A field of the event, `items[0].price`, and how it came about.

    `source` is written as in a map, "" where nothing is mapped; `cell` is what stood there, of an aggregate
    in each row. `value` is what is sent, None for nothing. `derived` marks what the map does not name.
    """

    path: str
    source: str
    cell: object
    steps: tuple[Step, ...]
    value: object
    derived: bool = False
    problems: tuple[Problem, ...] = ()


class _Sighting(NamedTuple):
    """A field as it was read from a row into `out`; how is worked out when it is asked for."""

    mapped: Mapped
    pipes: Sequence[Sequence[Stage]]
    row: Any
    out: Mapping[str, Any]
    problems: tuple[Problem, ...]

    @property
    def has_value(self) -> bool:
        return self.mapped.field.name in self.out

    def explained(self, path: str, value: object) -> Explained:
        """The first source that gives something, as an import takes it; else the default."""
        mapped = self.mapped
        for pipe, stages in zip(mapped.pipes, self.pipes, strict=True):
            cell, *steps = (Step(said, run(self.row)) for said, run in stages)
            given = not is_empty(steps[-1].value if steps else cell.value)
            if given or pipe is mapped.pipes[-1]:
                if not given and mapped.default is not None:
                    steps.append(Step("default", mapped.default))
                made = _told(steps, cell.value)
                source = _written(pipe.source)
                return Explained(path, source, cell.value, made, value, mapped.derived, self.problems)
        return Explained(path, "", None, (), value, mapped.derived, self.problems)


def _told(steps: Sequence[Step], cell: object) -> tuple[Step, ...]:
    """Up to the one that failed, whose finding says why; words that mean nothing where there was one."""
    sound = takewhile(lambda step: not isinstance(step.value, Bad), steps)
    return tuple(step for step in sound if step.said != _EMPTY or step.value != cell)


class Sightings:
    """Sees every field that is bound with it; `clear` it when an order is done."""

    def __init__(self) -> None:
        self._seen: list[_Sighting] = []

    def clear(self) -> None:
        """Forget the order."""
        self._seen.clear()

    def watched(self, made: Filling | Cell, mapped: Mapped, pipes: Pipes, names: Names) -> Filling:
        """The closure of a field, seen whenever it runs."""
        put = in_turn([made]).row
        stages = tuple(tuple(_stages(each, mapped, pipes, names)) for each in mapped.pipes)

        def run(row: Any, out: dict[str, Any], problems: list[Problem]) -> None:
            before = len(problems)
            put(row, out, problems)
            self._seen.append(_Sighting(mapped, stages, row, out, tuple(problems[before:])))

        return one_by_one(run)

    def of(self, order: Order) -> Iterator[Explained]:
        """Every field of the event, in its order, then the mapped ones that hold nothing."""
        items = order.properties["items"]
        yield from self._object(order.properties, "", "", items)
        yield from self._object(order.customer, "customer.", "customer.", items)
        yield Explained("time.sentAt", "", None, (), order.properties["createdAt"], derived=True)
        filled = {each.mapped.path for each in self._seen if each.has_value}
        for path, each in {each.mapped.path: each for each in reversed(self._seen)}.items():
            if path not in filled and not each.mapped.derived:
                yield each.explained(path, None)

    def at_fault(self) -> Iterator[Explained]:
        """The fields of an order that cannot be sent in which something is wrong."""
        for each in self._seen:
            if each.problems:
                yield each.explained(each.mapped.path, each.out.get(each.mapped.field.name))

    def _object(
        self, members: Mapping[str, Any], plain: str, path: str, items: list[Any]
    ) -> Iterator[Explained]:
        """The fields of an object: `plain` is its path as a map has it, `path` tells its lines apart."""
        for name, value in members.items():
            seen = [each for each in self._seen if each.mapped.path == plain + name and each.has_value]
            if seen:
                yield _one(seen, members, path + name, value)
            elif isinstance(value, dict):
                yield from self._object(value, f"{plain}{name}.", f"{path}{name}.", items)
            elif path and value is items:
                yield Explained(path + name, "", None, (), [each["id"] for each in items], derived=True)
            elif isinstance(value, list) and all(isinstance(each, dict) for each in value):
                for at, line in enumerate(value):
                    yield from self._object(line, f"{plain}{name}.", f"{path}{name}[{at}].", items)
            else:
                yield Explained(path + name, "", None, (), value, derived=bool(self._seen))


def _one(seen: Sequence[_Sighting], members: Mapping[str, Any], path: str, value: object) -> Explained:
    """The reading that decided a field: that of this very object, else the first with its value."""
    name = seen[0].mapped.field.name
    if seen[0].mapped.aggregate:
        every = [each.explained(path, value) for each in seen]
        rows = zip(*(each.steps for each in every), strict=False)
        steps = [Step(row[0].said, [each.value for each in row]) for row in rows]
        steps.append(Step(seen[0].mapped.aggregate, value))
        return every[0]._replace(cell=[each.cell for each in every], steps=tuple(steps))
    exact = (each for each in seen if each.out is members)
    alike = (each for each in seen if each.out[name] == value)
    return next(exact, next(alike, seen[0])).explained(path, value)


_EMPTY = "empty"


def _stages(pipe: Pipe, mapped: Mapped, pipes: Pipes, names: Names) -> Iterator[Stage]:
    """A pipe cut off after each thing that it does: the cell, then what it is after one verb, two, all."""
    source = pipe.source
    bare = pipe._replace(actions=(), lookup=None)
    if isinstance(source, Column):
        yield "", names.fetch(source)
        yield _EMPTY, _run(bare, mapped, pipes, names)
    else:
        yield "", _run(bare, mapped, pipes, names)
    for at, action in enumerate(pipe.actions, 1):
        cut = bare._replace(actions=pipe.actions[:at])
        yield _said(action.verb, action.arguments), _run(cut, mapped, pipes, names)
    if pipe.lookup is not None:
        yield "lookup", _run(pipe, mapped, pipes, names)


def _run(pipe: Pipe, mapped: Mapped, pipes: Pipes, names: Names) -> Callable[[Any], object]:
    run = pipes.pipe(pipe, mapped, names)
    return lambda row: run(row, [])


def _said(verb: str, arguments: Arguments) -> str:
    words = ", ".join(map(pretty, arguments.words))
    lines = "; ".join(f"{name}: {', '.join(said)}" for name, said in arguments.table)
    return f"{verb}: {words}{lines}" if words or lines else verb


def _written(source: Source) -> str:
    match source:
        case Column(name=name):
            return name.removeprefix(ORDER)
        case Constant(text=text):
            return f"={text}"
        case Text(parts=parts):
            return "".join(each if isinstance(each, str) else f"{{{each.column.name}}}" for each in parts)
