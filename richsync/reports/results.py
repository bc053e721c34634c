"""What a validation came to, as every format tells it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from richsync.checks import CHECKS
from richsync.errors import BadMapError
from richsync.model import Mistake
from richsync.pipeline.validations import Surveyed
from richsync.reports.documents import unread, validated
from richsync.reports.summaries import totals, verdict
from richsync.reports.told import Place, Teller, Told, ToldGroup, ToldSample


class Result(NamedTuple):
    """The sources, or the map, with their findings; then what it comes to. `document` is the JSON report."""

    sources: tuple[Told, ...]
    totals: tuple[str, ...]
    verdict: tuple[str, str]
    document: Mapping[str, Any]


def result(found: Surveyed, *, show_values: bool) -> Result:
    """What was found in the exports; what may be personal is masked unless `show_values`."""
    sources = tuple(Teller(survey, show_values=show_values).told for survey in found.surveys)
    return Result(sources, tuple(totals(found)), verdict(found), validated(found, show_values=show_values))


def unusable(error: BadMapError) -> Result:
    """The mistakes of a map that fits no export: nothing was read."""
    told = Told(error.name, tuple(map(_mistake, error.mistakes)))
    return Result((told,), (), ("not valid", error.message), unread(told))


def _mistake(mistake: Mistake) -> ToldGroup:
    check = CHECKS[mistake.code]
    place = Place(mistake.line, mistake.column, None)
    sample = ToldSample(place, "", "", "", "", lambda _: None)
    return ToldGroup(
        code=check.code,
        name=check.name,
        severity=check.severity,
        column="",
        field="",
        message=mistake.message,
        mend=mistake.help or check.mend,
        first=place,
        last=place,
        samples=(sample,),
    )
