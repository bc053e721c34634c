"""A validation: every source of a run surveyed, and accounted for together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from richsync.accounts import Account, Held, Tally, account
from richsync.model import SkipReason
from richsync.pipeline.readings import Reading, Source, opened
from richsync.pipeline.rejecting import written_rejects
from richsync.pipeline.repeats import settle_repeats
from richsync.pipeline.scopes import EVERYTHING, Scope
from richsync.pipeline.surveys import Progress, Survey, check
from richsync.plans import Overview, Place, Plan, Spool
from richsync.rejects import Written
from richsync.senses import several


class Surveyed(NamedTuple):
    """All sources of a run, a survey each in the order given, and what holds for them together."""

    surveys: tuple[Survey, ...]
    overview: Overview
    account: Account
    rejects: tuple[Written, ...] = ()


def validate(
    sources: Sequence[Source], progress: Progress, rejects: Sequence[Path] | None = None
) -> Surveyed:
    """Everything that is wrong with the exports; nothing is sent, and nothing kept.

    With `rejects`, a file for each source, the rejected orders are written there.

    Raises:
        BadMapError: a map does not fit its export.
        UnusableError: an export cannot be read, or the rejects cannot be written.
    """
    with opened_all(sources, progress) as readings, _plan(rejects) as plan:
        surveys = survey_all(readings, plan, progress)
        written = written_rejects(rejects, surveys, plan) if rejects else ()
        return Surveyed(surveys, overview_of(surveys, plan), accounted(surveys, plan, Held.NONE), written)


@contextmanager
def _plan(rejects: Sequence[Path] | None) -> Iterator[Plan]:
    """A plan that keeps the rows only if they are wanted."""
    if not rejects:
        with Plan() as plan:
            yield plan
        return
    with Spool(Place(rejects[0].absolute().parent, "--rejects")) as spool, Plan(spool) as plan:
        yield plan


@contextmanager
def opened_all(sources: Sequence[Source], progress: Progress) -> Iterator[list[Reading]]:
    """Open every export and bind its map, before the first of them is read to its end.

    Raises:
        BadMapError: a map does not fit its export.
        UnusableError: an export cannot be read.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(opened(source, progress)) for source in sources]


def survey_all(
    readings: Sequence[Reading], plan: Plan, progress: Progress, scope: Scope = EVERYTHING
) -> tuple[Survey, ...]:
    """Read the exports one after the other, each to its end, and settle which of repeated orders count."""
    surveys = []
    for number, reading in enumerate(readings):
        plan.begin(number)
        surveys.append(check(reading, plan, progress, scope))
    plan.complete()
    settle_repeats(plan, surveys)
    for number, survey in enumerate(surveys):
        survey.states, survey.overview = plan.states(number), plan.overview(number)
        survey.findings.add(several((each.currency, each.orders) for each in survey.overview.money))
    return tuple(surveys)


def overview_of(surveys: Sequence[Survey], plan: Plan) -> Overview:
    """Of all sources together; of an only one it is known already."""
    return plan.overview() if len(surveys) > 1 else surveys[0].overview


def accounted(surveys: Sequence[Survey], plan: Plan, held: Held) -> Account:
    """What became of everything, checked."""
    read = sum((survey.read for survey in surveys), Tally())
    skipped = sum((survey.skipped for survey in surveys), Counter[SkipReason]())
    made = account(read, plan.states(), skipped, held)
    made.check()
    return made
