"""What an import is about to do: the exports as surveyed, compared with the ledger."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from richsync import rejects
from richsync.accounts import Held
from richsync.checks import Severity
from richsync.client import Destination
from richsync.delivery.moves import Policy
from richsync.findings import told
from richsync.ledger import Ledger, LedgerView
from richsync.model import Problem
from richsync.pipeline.readings import Reading, Source
from richsync.pipeline.rejecting import written_rejects
from richsync.pipeline.scopes import EVERYTHING, Ceiling, Scope
from richsync.pipeline.surveys import Progress, Survey
from richsync.pipeline.validations import overview_of, survey_all
from richsync.plans import Overview, Plan
from richsync.wire import Sender


class Job(NamedTuple):
    """An import as it was asked for, a rejects file for each source. The key may be empty for a dry run.

    `options` are the words of a command line that reaches the same ledger and receiver.
    """

    sources: tuple[Source, ...]
    ledger: Path
    host: str
    destination: Destination
    sender: Sender
    policy: Policy
    rejects: tuple[Path, ...]
    scope: Scope = EVERYTHING
    limit: int | None = None
    max_changed: Ceiling | None = None
    resend: bool = False
    new_ids: bool = False
    skip_invalid: bool = False
    dry_run: bool = False
    is_rehearsal: bool = False
    options: tuple[str, ...] = ()


class Outlook(NamedTuple):
    """What an import is about to do: (orders, records) by state, and how many orders go out now.

    `held` says why nothing is sent although there is something to send. `rejects` are those of each source,
    `unknown` the ids that were asked for and of which there is no order.
    """

    job: Job
    surveys: tuple[Survey, ...]
    overview: Overview
    states: Mapping[str, tuple[int, int]]
    to_send: int
    held: Held
    rejects: tuple[rejects.Written, ...]
    unknown: tuple[str, ...] = ()

    @property
    def faults(self) -> int:
        """How many sources cannot be trusted as a whole."""
        return sum(bool(survey.faults) for survey in self.surveys)

    def orders(self, state: str) -> int:
        """The orders of a state: new, changed, in doubt, unchanged, rejected or duplicate."""
        return self.states.get(state, (0, 0))[0]


def compared(
    job: Job, readings: Sequence[Reading], plan: Plan, ledger: Ledger | LedgerView | None, progress: Progress
) -> Outlook:
    """New, changed or unchanged by the ledger; rejects on disk; what is to be sent lined up."""
    renamed = 0
    if ledger is None:
        surveys = survey_all(readings, plan, progress, job.scope)
    else:
        with ledger.attached(plan.connection):
            plan.compare(resend=job.resend)
            surveys = survey_all(readings, plan, progress, job.scope)
            renamed = 0 if job.new_ids else _tell_renamed(plan, surveys)
            _tell_older(plan, surveys)
    states = plan.states()
    held = Held.RENAMED if renamed else _held(job, surveys, states)
    written = written_rejects(job.rejects, surveys, plan)
    to_send = plan.queue(job.limit)
    unknown = tuple(sorted(plan.unknown(job.scope.ids or ())))
    return Outlook(job, surveys, overview_of(surveys, plan), states, to_send, held, written, unknown)


def _held(job: Job, surveys: Sequence[Survey], states: Mapping[str, tuple[int, int]]) -> Held:
    """Why nothing is sent, if there is a reason."""
    if any(survey.faults or not (survey.is_sound or job.skip_invalid) for survey in surveys):
        return Held.INVALID_EXPORT
    changed, unchanged = (states.get(state, (0, 0))[0] for state in ("changed", "unchanged"))
    if job.max_changed is not None and job.max_changed.is_exceeded(changed, changed + unchanged):
        return Held.CHANGED
    return Held.DRY_RUN if job.dry_run else Held.NONE


def _tell_renamed(plan: Plan, surveys: Sequence[Survey]) -> int:
    renamed = 0
    for source, order_id, former, line in plan.renamed():
        problem = Problem("RS706", field="orderId", value=order_id, note=f"as {former}", line=line)
        surveys[source].findings.add((problem,), order_id)
        renamed += 1
    return renamed


def _tell_older(plan: Plan, surveys: Sequence[Survey]) -> None:
    """A map can make an error of it; then such orders are rejected."""
    for seq, source, order_id, line, updated in list(plan.older()):
        moment = datetime.fromtimestamp(updated / 1000, UTC)
        problem = Problem("RS707", field="updatedAt", note=f"updated {moment:%Y-%m-%d %H:%M} UTC", line=line)
        survey = surveys[source]
        survey.findings.add((problem,), order_id)
        if survey.field_map.weights.of(problem) is Severity.ERROR:
            plan.mark(seq, "rejected", f"{problem.code} {told(problem)}")
