"""A pipe of a field as a closure: where its value comes from and what is done to it."""

from collections.abc import Callable, Sequence
from typing import Any

from richsync.fieldmaps import puts
from richsync.fieldmaps.columns import Fetch, Names
from richsync.fieldmaps.model import (
    Action,
    Column,
    Constant,
    ExportSettings,
    Mapped,
    Pipe,
    Slot,
    Source,
    Text,
)
from richsync.fieldmaps.puts import Pipeline
from richsync.values import is_empty, text
from richsync.verbs import Context, Step, step


class Pipes:
    """Makes the closures of pipes for an export that writes things as the settings say."""

    def __init__(self, settings: ExportSettings) -> None:
        self.settings = settings

    def pipe(self, pipe: Pipe, mapped: Mapped, names: Names) -> Pipeline:
        """A row to what the pipe makes of it."""
        steps = [self._step(action, names) for action in pipe.actions]
        run = puts.pipeline(self.fetch(pipe.source, names), steps)
        if pipe.lookup is None:
            return run
        return puts.looked_up(run, pipe.lookup, puts.column_of(pipe.source), mapped)

    def rank(self, mapped: Mapped, names: Names) -> Callable[[Any], int]:
        """A row to how far down a field's sources its value is found; past the last is the default."""
        runs = [self.pipe(each, mapped, names) for each in mapped.pipes]
        return lambda row: next((i for i, run in enumerate(runs) if not is_empty(run(row, []))), len(runs))

    def _step(self, action: Action, names: Names) -> Step:
        def column(name: str) -> Fetch:
            return self.fetch(Column(name, action.line, action.column), names)

        context = Context(self.settings.zone, column, self.settings.numbers, self.settings.dates)
        return step(action.verb, action.arguments, context)

    def fetch(self, source: Source, names: Names) -> Fetch:
        """A row to what the source holds there."""
        match source:
            case Constant(text=constant):
                return lambda _row: constant
            case Column():
                return self._without_empty_words(names.fetch(source))
            case Text(parts=parts):
                return self._text(parts, names)

    def _without_empty_words(self, fetch: Fetch) -> Fetch:
        """`empty:` in the map: cells that mean nothing."""
        empty = self.settings.empty
        if not empty:
            return fetch

        def run(row: Any) -> object:
            value = fetch(row)
            return "" if isinstance(value, str) and value in empty else value

        return run

    def _text(self, parts: Sequence[str | Slot], names: Names) -> Fetch:
        """A text with columns in braces: empty when one of them is, unless its brace says otherwise."""
        pieces = [
            (self.fetch(Constant(part), names), part)
            if isinstance(part, str)
            else (self.fetch(part.column, names), part.otherwise)
            for part in parts
        ]

        def run(row: Any) -> object:
            written = []
            for fetch, otherwise in pieces:
                value = fetch(row)
                found = otherwise if is_empty(value) else text(value)
                if not isinstance(found, str):
                    return found or ""
                written.append(found)
            return "".join(written).strip()

        return run
