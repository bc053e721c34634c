"""A ledger that fails while orders are sent: the sending stops, and what is told is what is on disk."""

import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from richsync.delivery.moves import Policy
from richsync.delivery.pace import UNLIMITED
from richsync.errors import LedgerError, RichsyncError, UnusableError
from richsync.model import Batch, Disposition
from richsync.model import Reply as Answer
from richsync.pipeline.imports import Imported, import_orders
from tests.importing import Said, job
from tests.small import map_text, row, source, table
from tests.support import Receiver, Reply, receiving

ORDERS = 500


class Harming(Said):
    """Does some harm when the n-th request is about to leave."""

    def __init__(self, harm: Callable[[], None], request: int) -> None:
        super().__init__()
        self._harm = harm
        self._left = request

    def sent(self, batch: Batch, attempt: int) -> None:
        self._left -= 1
        if self._left == 0:
            self._harm()


def imported(folder: Path, receiver: Receiver, teller: Said | None = None) -> Imported:
    rows = (row(str(number), mail=f"{number}@b.com") for number in range(1, ORDERS + 1))
    asked = source(folder, table(*rows), map_text(""))
    return import_orders(job(asked, receiver.origin, policy=Policy(UNLIMITED)), teller or Said())


def known(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT order_id, state FROM orders"))


def fill(ledger: Path) -> None:
    """The disk is full: no file may grow beyond what the ledger has now."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ledger.stat().st_size, most))


def remove(ledger: Path) -> None:
    shutil.copy(ledger, ledger.with_suffix(".kept"))
    ledger.unlink()


def replace(ledger: Path) -> None:
    remove(ledger)
    shutil.copy(ledger.with_suffix(".kept"), ledger)


@pytest.mark.parametrize(
    ("harm", "error", "told", "hint"),
    [
        (fill, UnusableError, "could not be written", "free space"),
        (remove, LedgerError, "was removed or replaced", "put it back"),
        (replace, LedgerError, "was removed or replaced", "put it back"),
    ],
)
def test_sending_stops_before_anything_unrecorded_leaves(
    tmp_path: Path, harm: Callable[[Path], None], error: type[RichsyncError], told: str, hint: str
) -> None:
    ledger = tmp_path / "orders.richsync"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with receiving() as receiver:
        try:
            made = imported(tmp_path, receiver, Harming(lambda: harm(ledger), 9))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert type(made.ending) is error
        assert told in made.ending.message
        assert hint in made.ending.hint
        kept = ledger.with_suffix(".kept")
        on_disk = known(kept if kept.exists() else ledger)
        assert set(receiver.orders) <= set(on_disk), "sent without a record"
        accepted = [order_id for order_id, state in on_disk.items() if state == "accepted"]
        assert made.account.of(Disposition.ACCEPTED).orders >= len(accepted) > 0
        assert made.account.of(Disposition.PENDING).orders > 0
        if kept.exists():
            kept.replace(ledger)
        again = imported(tmp_path, receiver)
    assert again.exit_code == 0
    assert again.account.of(Disposition.UNCHANGED).orders == len(accepted)
    assert len(receiver.orders) == ORDERS
    assert set(known(ledger).values()) == {"accepted"}


class Spoiling(Said):
    """Writes over the ledger's pages once every order is settled."""

    def __init__(self, ledger: Path) -> None:
        super().__init__()
        self._ledger = ledger
        self._left = ORDERS

    def settled(self, batch: Batch, reply: Answer, state: str | None) -> None:
        self._left -= len(batch.orders) * (state is not None)
        if not self._left:
            with self._ledger.open("r+b") as file:
                file.seek(4096)
                file.write(b"\xff" * 8 * 4096)


def test_what_was_noted_is_looked_for_in_the_file_itself(tmp_path: Path) -> None:
    """SQLite still has the pages that were written over, and would commit to the end."""
    with receiving() as receiver:
        receiver.poisoned["7"] = Reply(422)
        made = imported(tmp_path, receiver, Spoiling(tmp_path / "orders.richsync"))
    assert isinstance(made.ending, LedgerError)
    assert "is damaged" in made.ending.message
    assert made.account.of(Disposition.ACCEPTED).orders == ORDERS - 1
    assert "HTTP 422" in (tmp_path / "orders.rejects.csv").read_text()


def test_rejects_that_cannot_be_written_do_not_hide_what_was_sent(tmp_path: Path) -> None:
    with receiving() as receiver:
        receiver.poisoned["7"] = Reply(422)
        teller = Harming((tmp_path / "orders.rejects.csv").mkdir, 1)
        made = imported(tmp_path, receiver, teller)
    assert isinstance(made.ending, UnusableError)
    assert "--rejects" in made.ending.hint
    assert made.account.of(Disposition.ACCEPTED).orders == ORDERS - 1
    assert known(tmp_path / "orders.richsync")["7"] == "refused"
