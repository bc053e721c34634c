"""How a field of each kind is read in an export that writes things as the settings say."""

from richsync.fieldmaps.cells import Cell
from richsync.fieldmaps.columns import Header, Names, joined_name
from richsync.fieldmaps.conditions import written
from richsync.fieldmaps.model import Column, ExportSettings, Mapped, Pipe
from richsync.schema import Kind
from richsync.values import READERS, Read, at_once, is_iso, moment_reader, number_reader, quantity_reader

_AS_IT_IS = (Kind.TEXT, Kind.EMAIL, Kind.ANY)


class Readers:
    """Gives the readers of fields, and the cells of those that are no more than cells of a table."""

    def __init__(self, settings: ExportSettings) -> None:
        self._settings = settings
        self._readers: dict[Kind, Read] = {
            **READERS,
            Kind.NUMBER: number_reader(settings.numbers),
            Kind.QUANTITY: quantity_reader(settings.numbers),
            Kind.MOMENT: moment_reader(settings.dates, settings.zone),
        }
        self._at_once = at_once(settings.numbers, settings.dates)

    def reader(self, mapped: Mapped, names: Names) -> Read:
        """How a field is read; a date column that is not ISO needs a declared format (RS508)."""
        settings, pipes = self._settings, mapped.pipes
        columns = [pipe.source for pipe in pipes if isinstance(pipe.source, Column) and not pipe.actions]
        if mapped.field.kind is Kind.MOMENT and settings.dates == ("iso",) and columns:
            cells = [written(fetch(row)) for fetch in map(names.fetch, columns) for row in names.sample]
            if any(cells) and not any(map(is_iso, cells)):
                return moment_reader(settings.dates, settings.zone, unlike="RS508")
        return self._readers[mapped.field.kind]

    def cells(self, mapped: Mapped, names: Names) -> list[Cell]:
        """The cells of a table that a field is the first of; none when anything is done to one of them."""
        if not isinstance(names, Header) or mapped.default is not None or self._settings.empty:
            return []
        columns = [column for pipe in mapped.pipes if (column := _untouched(pipe, names))]
        if len(columns) != len(mapped.pipes):
            return []
        kind, path = mapped.field.kind, "" if mapped.derived else mapped.path
        read = None if kind in _AS_IT_IS else self.reader(mapped, names)
        places = [names.index(column) for column in columns]
        at_once = self._at_once.get(kind)
        return [Cell(at, mapped.field.name, read, at_once, names.columns[at], path) for at in places]


def _untouched(pipe: Pipe, names: Names) -> Column | None:
    """The column that a pipe is, if nothing is done to it and it is the export's own."""
    if pipe.actions or pipe.lookup is not None or not isinstance(pipe.source, Column):
        return None
    return None if names.brought and joined_name(pipe.source) else pipe.source
