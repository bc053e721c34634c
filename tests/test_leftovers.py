"""What a ledger's runs left undone."""

from pathlib import Path

import pytest

from richsync.display.screen import Screen
from richsync.display.status import show_ledger
from richsync.errors import UnusableError
from richsync.ledger import Ledger, Run
from richsync.pipeline.imports import import_orders
from richsync.pipeline.leftovers import Leftover, leftovers
from richsync.pipeline.outlooks import Job, Outlook
from tests.importing import Said, job
from tests.small import map_text, row, source, table
from tests.support import receiving


def runs(*told: tuple[str, dict[str, int]]) -> list[Run]:
    return [
        Run(number, "then", "now" if counts else None, "complete", source, "map", "0.1.0", counts)
        for number, (source, counts) in enumerate(told, start=1)
    ]


DONE = {"accepted": 3, "pending": 0, "rejected": 0}
REJECTED = DONE | {"rejected": 2}
PENDING = DONE | {"pending": 7}
NOTHING = dict.fromkeys(DONE, 0)


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
        ([("a.csv, b.csv", REJECTED), ("b.rejects.csv", DONE)], [Leftover("a.csv, b.csv", 0, 2)]),
        ([("a.csv, b.csv", REJECTED), ("b.rejects.csv", DONE), ("a.rejects.csv", DONE)], []),
        ([("a.csv", REJECTED), ("a.rejects.csv", REJECTED)], [Leftover("a.rejects.csv", 0, 2)]),
        ([("a.rejects.csv", DONE), ("a.csv", REJECTED)], [Leftover("a.csv", 0, 2)]),
        ([("a.csv", REJECTED), ("a.rejects.csv", NOTHING)], [Leftover("a.csv", 0, 2)]),
        ([("a.csv", PENDING), ("a.csv", NOTHING)], [Leftover("a.csv", 7, 0)]),
    ],
)
def test_what_is_left(told: list[tuple[str, dict[str, int]]], expected: list[Leftover]) -> None:
    assert leftovers(runs(*told)) == expected


def test_rejects_may_be_elsewhere() -> None:
    first, mended = runs(("a.csv", REJECTED), ("mend.csv", DONE))
    assert leftovers([first, mended]) == [Leftover("a.csv", 0, 2)]
    assert leftovers([first._replace(rejects="mend.csv"), mended]) == []


def rejected(ledger: Path) -> int:
    return sum(each.rejected for each in leftovers(Ledger.look(ledger).runs))


@pytest.mark.parametrize("total", ["x", "9.50"])
def test_rejects_are_left_until_each_file_of_them_was_imported(tmp_path: Path, total: str) -> None:
    """The first of two exports has a bad cell, and a row that can carry no reason beside it."""
    tables = (table(row("1", total="x"), "short,row"), table(row("2", total=total)))
    sources = [source(tmp_path, text, map_text(), f"{n}.csv") for n, text in enumerate(tables)]
    with receiving() as receiver:
        asked = job(sources, receiver.origin)
        import_orders(asked, Said())
        left_until_imported(tmp_path, asked, 3 if total == "x" else 2)


def left_until_imported(folder: Path, asked: Job, count: int) -> None:
    files = sorted(folder.glob("*.rejects.csv*"))
    assert len(files) == count
    for number, path in enumerate(files):
        for mended in (table(), table(row(f"mended {number}"))):
            assert rejected(asked.ledger) == count
            given = source(folder, mended, map_text(), path.name)
            import_orders(asked._replace(sources=(given,), rejects=(folder / "more.csv",)), Said())
    assert rejected(asked.ledger) == 0


class Failing(Said):
    """A run that something ends before it is asked whether to send."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def compared(self, outlook: Outlook) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UnusableError("the disk is full"), "it could not go on before its account was made"),
        (KeyError("x"), "a bug in richsync before its account was made"),
    ],
)
def test_a_run_that_failed_is_not_under_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error: Exception, told: str
) -> None:
    asked = job(source(tmp_path, table(row()), map_text()), "http://127.0.0.1:1")
    with pytest.raises(type(error)):
        import_orders(asked, Failing(error))
    show_ledger(Ledger.look(asked.ledger), Screen())
    assert capsys.readouterr().out.rstrip().endswith(told)
