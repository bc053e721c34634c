"""`richsync sandbox`."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from richsync.display.screen import Screen
from richsync.errors import InterruptedRunError


def sandbox(
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Where to listen; 0 takes a free one.")
    ] = 8765,
    store: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep what arrives in this SQLite file. [default: in memory]"),
    ] = None,
    ready_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the address here once it listens.")
    ] = None,
) -> None:
    """A local receiver that speaks Richpanel's endpoints, checks what arrives and shows it on a page.

    It listens on this machine only. Signed requests are checked against RICHPANEL_API_SECRET.
    """
    from richsync.sandbox import Sandbox

    screen = Screen()
    with Sandbox(
        port=port, store=store, secret=os.environ.get("RICHPANEL_API_SECRET", "").strip()
    ) as receiver:
        screen.note(f"listening on {receiver.origin}; what arrives is shown there")
        screen.note(f"rehearse: richsync import SOURCE --endpoint {receiver.origin} --api-key rehearsal")
        if ready_file is not None:
            _tell(ready_file, receiver.origin)
        with suppress(InterruptedRunError):
            receiver.serve_forever()


def _tell(path: Path, origin: str) -> None:
    """Whoever waits for the file must never read half of it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(origin + "\n", encoding="utf-8")
    partial.replace(path)
