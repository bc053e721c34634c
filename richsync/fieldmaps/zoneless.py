"""Dates of an export that carry no offset, where its map says no time zone: they are read as UTC."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone
from typing import Any

from richsync.fieldmaps.columns import Names
from richsync.fieldmaps.conditions import written
from richsync.fieldmaps.model import Block, ExportSettings
from richsync.fieldmaps.pipes import Pipes
from richsync.fieldmaps.puts import column_of
from richsync.model import Problem
from richsync.schema import Kind
from richsync.values import is_empty, moment_reader

_LOOKED_AT = 100
_ELSEWHERE = timezone(timedelta(hours=14))


def zoneless(order: Block, settings: ExportSettings, names: Names, rows: Sequence[Any]) -> list[Problem]:
    """The first date that would be another moment in another zone."""
    if settings.zone is not None or names.mistakes:
        return []
    return next(([each] for each in _found(order, settings, names, rows[:_LOOKED_AT])), [])


def _found(order: Block, settings: ExportSettings, names: Names, rows: Sequence[Any]) -> Iterator[Problem]:
    here, there = Pipes(settings), Pipes(settings._replace(zone=_ELSEWHERE))
    read_here, read_there = (moment_reader(settings.dates, zone) for zone in (None, _ELSEWHERE))
    for mapped in order.fields:
        if mapped.field.kind is not Kind.MOMENT or mapped.within is not None:
            continue
        for pipe in mapped.pipes:
            fetch = here.fetch(pipe.source, names)
            runs = [each.pipe(pipe, mapped, names) for each in (here, there)]
            for row in rows:
                values = [run(row, []) for run in runs]
                if not is_empty(values[0]) and read_here(values[0]) != read_there(values[1]):
                    text = written(fetch(row))
                    yield Problem("RS509", column_of(pipe.source), value=text, note=f" (like {text})")
