"""How much a finding weighs in a run."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from richsync.checks.check import ERROR, Severity
from richsync.checks.table import CHECKS
from richsync.model import Problem

_SEVERITIES = {str(each): each for each in Severity}
"""A look-up costs a tenth of `Severity(text)`, and there may be millions of problems."""


def severity_of(problem: Problem) -> Severity:
    """The problem's own severity where it has one, else the table's."""
    return _SEVERITIES[problem.severity] if problem.severity else CHECKS[problem.code].severity


def has_error(problems: Iterable[Problem]) -> bool:
    """Whether one of them is an error by itself."""
    return ERROR in map(severity_of, problems)


class Weights(NamedTuple):
    """What is made of findings by code: those that are `ignored`, and those that are `given` a severity.

    An error stays one: what cannot be sent is not sent by looking away.
    """

    ignored: frozenset[str] = frozenset()
    given: Mapping[str, Severity] = {}

    def of(self, problem: Problem) -> Severity | None:
        """How much a finding weighs; None when it is ignored."""
        own = severity_of(problem)
        if own is ERROR:
            return own
        return None if problem.code in self.ignored else self.given.get(problem.code, own)
