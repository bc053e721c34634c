"""One order id, several orders: which one counts.

Within a source they must be of one form, unless its map says which one is taken. Between sources the later
one replaces the earlier, whatever became of it: an older form never comes after a newer one.
"""

from collections.abc import Sequence
from itertools import groupby

from richsync.checks import Severity
from richsync.findings import reason
from richsync.model import Problem
from richsync.pipeline.surveys import Survey
from richsync.plans import Occurrence, Plan, Repeat


def settle_repeats(plan: Plan, surveys: Sequence[Survey]) -> None:
    """Every id that stands several times ends with at most one order that counts."""
    for repeat in plan.repeats():
        *earlier, _ = [
            _settle(Repeat(repeat.order_id, tuple(found)), plan, surveys[source])
            for source, found in groupby(repeat.occurrences, key=lambda each: each.source)
        ]
        for replaced in earlier:
            if replaced and replaced.state == "new":
                plan.mark(replaced.seq, "duplicate")


def _settle(repeat: Repeat, plan: Plan, survey: Survey) -> Occurrence | None:
    """The one of a source that counts: any, if they are of one form, or the one that the map takes."""
    first, *others = repeat.occurrences
    if not any(each.state == "new" for each in repeat.occurrences):
        return None
    if not others:
        return first
    taken = _taken(repeat, survey)
    if all((each.digest, each.state) == (first.digest, first.state) for each in others):
        taken = taken or first
    if taken is None:
        _reject_all(repeat, plan, survey)
    else:
        _skip_others(repeat, taken, plan, survey)
    return taken


def _taken(repeat: Repeat, survey: Survey) -> Occurrence | None:
    """The one that counts, as `repeats:` says; none when it is rejected itself, or cannot be known."""
    if survey.repeats_code == "RS703":
        return None
    occurrences = repeat.occurrences
    match survey.field_map.export.repeats:
        case "first":
            found = occurrences[0]
        case "last":
            found = occurrences[-1]
        case "newest" if all(each.moment is not None for each in occurrences):
            found = max(occurrences, key=lambda each: (each.moment, each.seq))
        case _:
            return None
    return None if found.state == "rejected" else found


def _skip_others(repeat: Repeat, taken: Occurrence, plan: Plan, survey: Survey) -> None:
    for each in repeat.occurrences:
        if each is taken or each.state != "new":
            continue
        if each.digest == taken.digest:
            first = f"{'first' if taken.line < each.line else 'again'} on line {taken.line}"
            problem = Problem("RS701", note=first, line=each.line)
        else:
            note = f"the one on line {taken.line} is taken"
            problem = Problem("RS702", note=note, line=each.line, severity=Severity.WARNING)
        survey.findings.add((problem,), repeat.order_id)
        plan.mark(each.seq, "duplicate")


def _reject_all(repeat: Repeat, plan: Plan, survey: Survey) -> None:
    """Each occurrence names its own line, so that a rejects file does not make one order of them."""
    code = survey.repeats_code
    first, *later = repeat.occurrences
    problems = [Problem(code, note=f"first on line {first.line}", line=each.line) for each in later]
    for problem in problems:
        survey.findings.add((problem,), repeat.order_id)
    for each in repeat.occurrences:
        if each.state == "new":
            others = ", ".join(str(other.line) for other in repeat.occurrences if other is not each)
            note = f"this one on line {each.line}, others on {others}"
            plan.mark(each.seq, "rejected", reason([Problem(code, note=note)]))
