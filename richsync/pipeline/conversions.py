"""A conversion: the events of an export, as an import would send them, oldest first."""

from collections.abc import Callable, Iterator, Sequence

from richsync.accounts import Held
from richsync.pipeline.readings import Source
from richsync.pipeline.scopes import EVERYTHING, Scope
from richsync.pipeline.surveys import Progress
from richsync.pipeline.validations import Surveyed, accounted, opened_all, overview_of, survey_all
from richsync.plans import Place, Plan, Spool

Write = Callable[[Iterator[bytes]], None]
"""Takes the events one by one, each as ASCII JSON without the key."""


def convert(
    sources: Sequence[Source],
    progress: Progress,
    write: Write,
    place: Place,
    scope: Scope = EVERYTHING,
    *,
    skip_invalid: bool = False,
) -> Surveyed:
    """Check the exports to their end and write their events; nothing, if they have errors, unless asked.

    The events lie in that place until they are written, in a file that has no name.

    Raises:
        BadMapError: a map does not fit its export.
        UnusableError: an export cannot be read, or there is no space.
    """
    with opened_all(sources, progress) as readings, Spool(place) as spool, Plan(spool) as plan:
        surveys = survey_all(readings, plan, progress, scope)
        is_held = any(each.faults or not (each.is_sound or skip_invalid) for each in surveys)
        if not is_held:
            plan.queue(None)
            write(order.body for order in plan.queued())
        account = accounted(surveys, plan, Held.INVALID_EXPORT if is_held else Held.NONE)
        return Surveyed(surveys, overview_of(surveys, plan), account)
