"""`richsync status`."""

from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen
from richsync.display.status import as_json, show_ledger, show_order
from richsync.errors import UnusableError
from richsync.ledger import Ledger


def status(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="The export whose ledger is meant.")
    ] = None,
    map_file: options.MapOption = None,
    checkpoint: options.CheckpointOption = None,
    order: Annotated[str | None, typer.Option(metavar="ID", help="All that is known of one order.")] = None,
    json: options.JsonOption = False,
) -> None:
    """What a ledger knows: its runs, its totals, and of one order when it was sent and in what form."""
    screen = Screen()
    view = Ledger.look(_ledger(source, map_file, checkpoint))
    trace = view.order(order) if order is not None else None
    if json:
        screen.json(as_json(view, order, trace))
    elif order is None:
        show_ledger(view, screen)
    else:
        show_order(view, order, trace, screen)
    raise typer.Exit(1 if order is not None and trace is None else 0)


def _ledger(source: str | None, map_file: Path | None, checkpoint: Path | None) -> Path:
    if checkpoint is not None:
        return checkpoint
    if source is not None or map_file is not None:
        meant = options.source_of(source or "-", map_file)
        found = [options.ledger_of(meant, None, rehearsal=rehearsal) for rehearsal in (False, True)]
        return next((path for path in found if path.exists()), found[0])
    here = sorted(Path().glob("*.richsync"))
    if len(here) == 1:
        return here[0]
    what = f"{len(here)} ledgers here: {', '.join(map(str, here))}" if here else "there is no ledger here"
    raise UnusableError(what, "name one: richsync status --checkpoint FILE")
