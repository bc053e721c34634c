"""Findings gathered: exact totals, capped samples, and memory that does not grow."""

import tracemalloc
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.checks import CHECKS, Severity, severity_of
from richsync.findings import SAMPLES, Findings, reason, told
from richsync.model import Problem


def problem(code: str = "RS501", line: int = 2, value: str = "", severity: str = "") -> Problem:
    return Problem(code, "Total", "amount", value, severity=severity, line=line)


def test_a_group_counts_everything_and_shows_a_little() -> None:
    findings = Findings()
    for line in range(2, 1002):
        findings.add((problem(line=line, value=f"v{line % 3}"),), f"A{line}")
    (group,) = findings
    assert (group.count, group.orders, group.first, group.last) == (1000, 1000, 2, 1001)
    assert group.values.is_exact
    assert group.values.counts == {"v0": 333, "v1": 333, "v2": 334}
    assert [each.order_id for each in group.samples] == [f"A{line}" for line in range(2, 2 + SAMPLES)]
    assert group.message == "amount is not a number"


def test_an_order_with_a_problem_twice_counts_once() -> None:
    findings = Findings()
    findings.add((problem(line=2), problem(line=3)), "1")
    findings.add((problem(line=4),), "2")
    (group,) = findings
    assert (group.count, group.orders) == (3, 2)


def test_groups_stand_by_weight_then_by_the_table_then_by_place() -> None:
    findings = Findings()
    findings.add((problem("RS307"), problem("RS511"), problem("RS501", 9), problem("RS401")))
    findings.add((problem("RS511", severity="error"), Problem("RS501", "Tax", "taxAmount", line=3)))
    told_in_order = [(each.severity, each.problem.code, each.first) for each in findings]
    assert told_in_order == [
        ("error", "RS401", 2),
        ("error", "RS501", 3),
        ("error", "RS501", 9),
        ("error", "RS511", 2),
        ("warning", "RS511", 2),
        ("info", "RS307", 2),
    ]
    assert [findings.count(each) for each in Severity] == [4, 1, 1]


@given(st.lists(st.tuples(st.sampled_from(["RS501", "RS511", "RS307"]), st.integers(2, 9))))
def test_every_finding_is_counted_under_its_severity(given_problems: list[tuple[str, int]]) -> None:
    findings = Findings()
    problems = [problem(*each) for each in given_problems]
    for each in problems:
        findings.add((each,))
    counted = Counter(severity_of(each) for each in problems)
    assert {each: findings.count(each) for each in Severity} == {each: counted[each] for each in Severity}
    assert sum(group.count for group in findings) == len(problems)


def test_memory_does_not_grow_with_the_findings() -> None:
    def grown(first: int, last: int) -> int:
        before = tracemalloc.get_traced_memory()[0]
        for line in range(first, last):
            findings.add((problem(line=line, value=f"value {line}"),), str(line))
        return tracemalloc.get_traced_memory()[0] - before

    findings = Findings()
    tracemalloc.start()
    try:
        grown(0, 2000)
        assert grown(2000, 12000) < 20_000
    finally:
        tracemalloc.stop()
    (group,) = findings
    assert group.count == 12000


@pytest.mark.parametrize("code", CHECKS)
def test_every_message_can_be_told_without_a_place(code: str) -> None:
    assert "{" not in told(Problem(code, note="a note"))


def test_the_reason_of_a_reject_names_its_errors_once_each() -> None:
    problems = [problem(line=2), problem(line=3), problem("RS511"), problem("RS404")]
    assert reason(problems) == "RS501 amount is not a number; RS404 createdAt is empty"
