"""`richsync sandbox`."""

import math
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import options
from richsync.cli.texts import utf8
from richsync.display.screen import Screen
from richsync.errors import InterruptedRunError, UnusableError

_FAILURE = re.compile(r"([45][0-9][0-9])(?:/([1-9][0-9]{0,8}))?", re.ASCII)
_PANEL = "Misbehave on purpose"


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
    refuse: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", rich_help_panel=_PANEL, help="Find fault with this order; repeatable."),
    ] = None,
    fail: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATUS[/N]",
            rich_help_panel=_PANEL,
            help="Answer every request, or every N-th, with this status, `503/5`; repeatable.",
        ),
    ] = None,
    retry_after: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", rich_help_panel=_PANEL, help="How long --fail 429 or 503 asks to wait: 10s."
        ),
    ] = None,
    cut: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", rich_help_panel=_PANEL, help="Break off every N-th reply; its orders arrived."
        ),
    ] = None,
    delay: Annotated[
        str | None, typer.Option(metavar="TIME", rich_help_panel=_PANEL, help="Answer so late: 500ms, 2s.")
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            rich_help_panel=_PANEL,
            help="Answer 200 whatever is wrong with an order, as Richpanel does; the page shows it.",
        ),
    ] = False,
) -> None:
    """A local receiver that speaks Richpanel's endpoints, checks what arrives and shows it on a page.

    It listens on this machine only. Signed requests are checked against RICHPANEL_API_SECRET.
    """
    from richsync.sandbox import Behaviour, Sandbox

    failures = _failures(fail or ())
    behaviour = Behaviour(
        fail=failures,
        retry_after=_retry_after(retry_after, failures),
        cut_every=cut or 0,
        delay=options.seconds(delay or "0s", "--delay"),
        refuse=frozenset(map(_order_id, refuse or ())),
        strict=not lenient,
    )
    screen = Screen()
    secret = os.environ.get("RICHPANEL_API_SECRET", "").strip()
    with Sandbox(port=port, store=store, secret=secret, behaviour=behaviour) as receiver:
        screen.note(f"listening on {receiver.origin}; what arrives is shown there")
        screen.note(f"rehearse: richsync import SOURCE --endpoint {receiver.origin} --api-key rehearsal")
        if ready_file is not None:
            _tell(ready_file, receiver.origin)
        with suppress(InterruptedRunError):
            receiver.serve_forever()


def _failures(words: Iterable[str]) -> dict[int, int]:
    """How often each status is given: `503/5` to every fifth request, `500` to every one."""
    found = {}
    for word in words:
        match = _FAILURE.fullmatch(word)
        if match is None:
            hint = "write a status from 400 to 599, 503, or 503/5 for every fifth request"
            raise UnusableError(f"--fail {word!r} is no failure", hint)
        found[int(match[1])] = int(match[2] or 1)
    # The rarer go first, or they would never have their turn.
    return dict(sorted(found.items(), key=lambda failure: -failure[1]))


def _retry_after(text: str | None, failures: Iterable[int]) -> int:
    """Whole seconds, as the header has them."""
    from richsync.sandbox import WAITING

    if text is None:
        return 0
    if WAITING.isdisjoint(failures):
        raise UnusableError("--retry-after goes with a failure that asks to wait", "add --fail 429 or 503")
    return math.ceil(options.seconds(text, "--retry-after"))


def _order_id(text: str) -> str:
    if not text.strip():
        raise UnusableError("--refuse without an order id", "name the order as it is sent: --refuse 1001")
    return utf8(text.strip(), "--refuse", "name the order as it is sent")


def _tell(path: Path, origin: str) -> None:
    """Whoever waits for the file must never read half of it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(origin + "\n", encoding="utf-8")
    partial.replace(path)
