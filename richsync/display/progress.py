"""How far the reading of an export is: a bar on a terminal, a line now and then elsewhere."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from richsync.display.screen import Screen
from richsync.exports import Export
from richsync.pipeline.surveys import Survey

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_EVERY = 10.0
"""Seconds between two plain lines."""


class Reading:
    """Progress of the checking, or of what else is `doing`; a context that takes its bar away."""

    def __init__(
        self, screen: Screen, doing: str = "checking", done: str = "checked", what: str = "orders"
    ) -> None:
        self._screen = screen
        self._doing = doing
        self._done = done
        self._what = what
        self._last = time.monotonic()
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def reading(self, export: Export, orders: int) -> None:
        """Time left by bytes on a terminal, a line now and then elsewhere."""
        if self._screen.is_live:
            bar, task = self._bar or self._begun(export)
            bar.update(task, completed=export.bytes_read)
        elif time.monotonic() - self._last >= PLAIN_EVERY:
            self._last = time.monotonic()
            share = f", {export.bytes_read / export.size:.0%}" if export.size else ""
            self._screen.note(f"{self._done} {orders:,} {self._what}{share}")

    def checked(self, survey: Survey) -> None:
        """The bar goes before the results come."""
        self._close()

    def _begun(self, export: Export) -> "tuple[Progress, TaskID]":
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._doing), BarColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=self._screen.err.console, transient=True)
        bar.start()
        self._bar = (bar, bar.add_task("", total=export.size))
        return self._bar

    def _close(self) -> None:
        if self._bar is not None:
            self._bar[0].stop()
            self._bar = None
