"""A preview: some orders of an export as the events they become, and how each field came about."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from richsync.events import Event, express
from richsync.fieldmaps.explaining import Explained, Sightings
from richsync.model import Order, Reject
from richsync.pipeline.readings import Source, opened


class Wanted(NamedTuple):
    """The first `most` orders, or the first with the id `order_id`; `explained` field by field if asked."""

    most: int = 1
    order_id: str | None = None
    explained: bool = False


class Previewed(NamedTuple):
    """An order with its event, or one that cannot be sent; of a reject only the fields at fault."""

    found: Order | Reject
    event: Event | None
    fields: tuple[Explained, ...] = ()


def preview(source: Source, wanted: Wanted) -> Iterator[Previewed]:
    """Orders as an import would read them; the export is read only as far as they stand in it.

    Raises:
        BadMapError: the map does not fit the export.
        UnusableError: the export cannot be read.
    """
    sightings = Sightings() if wanted.explained else None
    with opened(source, sightings=sightings) as reading:
        every = _previewed(reading.orders, wanted, sightings)
        yield from islice(every, wanted.most if wanted.order_id is None else 1)


def _previewed(
    assembled: Iterable[object], wanted: Wanted, sightings: Sightings | None
) -> Iterator[Previewed]:
    orders = (found for found in assembled if isinstance(found, Order | Reject))
    for found in orders:
        if wanted.order_id in (None, found.order_id):
            yield _of(found, sightings)
        if sightings is not None:
            sightings.clear()


def _of(found: Order | Reject, sightings: Sightings | None) -> Previewed:
    if isinstance(found, Reject):
        return Previewed(found, None, tuple(sightings.at_fault()) if sightings else ())
    return Previewed(found, express(found), tuple(sightings.of(found)) if sightings else ())
