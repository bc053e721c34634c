"""Imports in this process: a job, and a teller that says nothing but yes or no."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from richsync.client import Destination
from richsync.delivery.moves import Policy, Wait
from richsync.delivery.replies import ReplyClass
from richsync.model import Batch, Reply
from richsync.pipeline.outlooks import Job, Outlook
from richsync.pipeline.readings import Source
from richsync.rejects import default_path
from richsync.wire import Sender
from tests.small import Quiet


class Said(Quiet):
    """A teller that says yes, or no."""

    def __init__(self, answer: bool = True) -> None:
        self.answer = answer

    def compared(self, outlook: Outlook) -> None:
        """Say nothing."""

    def confirm(self, outlook: Outlook) -> bool:
        return self.answer

    @contextmanager
    def delivering(self, outlook: Outlook) -> Iterator["Said"]:
        yield self

    def sent(self, batch: Batch, attempt: int) -> None:
        """Say nothing."""

    def answered(self, batch: Batch, reply: Reply, reply_class: ReplyClass) -> None:
        """Say nothing."""

    def waiting(self, wait: Wait) -> None:
        """Say nothing."""

    def interrupted(self, in_flight: int) -> None:
        """Say nothing."""

    def settled(self, batch: Batch, reply: Reply, state: str | None) -> None:
        """Say nothing."""


def job(asked: Source | list[Source], origin: str, **other: Any) -> Job:
    """An import of one source or several, with its ledger and rejects beside them."""
    sources = tuple(asked) if isinstance(asked, list) else (asked,)
    folder = Path(sources[0].name).parent
    return Job(
        sources=sources,
        ledger=folder / "orders.richsync",
        host="127.0.0.1",
        destination=Destination(origin),
        sender=Sender("key-12345678"),
        rejects=tuple(default_path(each.name) for each in sources),
        **{"policy": Policy(), **other},
    )
