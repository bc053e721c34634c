"""What a ledger's runs left undone."""

import pytest

from richsync.ledger import Run
from richsync.pipeline.leftovers import Leftover, leftovers


def runs(*told: tuple[str, dict[str, int]]) -> list[Run]:
    return [
        Run(number, "then", "now" if counts else None, "complete", source, "map", "0.1.0", counts)
        for number, (source, counts) in enumerate(told, start=1)
    ]


DONE = {"accepted": 3, "pending": 0, "rejected": 0}
REJECTED = DONE | {"rejected": 2}
PENDING = DONE | {"pending": 7}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], []),
        ([("a.csv", DONE)], []),
        ([("a.csv", PENDING | {"rejected": 2}), ("b.csv", DONE)], [Leftover("a.csv", 7, 2)]),
        ([("a.csv", PENDING)], [Leftover("a.csv", 7, 0)]),
        ([("a.csv", PENDING), ("a.csv", DONE)], []),
        ([("a.csv", PENDING), ("a.csv", {})], [Leftover("a.csv", 7, 0)]),
        ([("a.csv", PENDING), ("a.csv, b.csv", DONE)], []),
        ([("a.csv, b.csv", PENDING), ("a.csv", DONE)], [Leftover("a.csv, b.csv", 7, 0)]),
        ([("a.csv", REJECTED), ("a.rejects.csv", DONE)], []),
        ([("a.csv, b.csv", REJECTED), ("b.rejects.csv", DONE)], []),
        ([("a.csv", REJECTED), ("a.rejects.csv", REJECTED)], [Leftover("a.rejects.csv", 0, 2)]),
        ([("a.rejects.csv", DONE), ("a.csv", REJECTED)], [Leftover("a.csv", 0, 2)]),
    ],
)
def test_what_is_left(told: list[tuple[str, dict[str, int]]], expected: list[Leftover]) -> None:
    assert leftovers(runs(*told)) == expected


def test_rejects_may_be_elsewhere() -> None:
    first, mended = runs(("a.csv", REJECTED), ("mend.csv", DONE))
    assert leftovers([first, mended]) == [Leftover("a.csv", 0, 2)]
    assert leftovers([first._replace(rejects="mend.csv"), mended]) == []
