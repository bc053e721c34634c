"""`richsync status`."""

from typing import Annotated

import typer

from richsync.cli import ledgers, options
from richsync.display.screen import Screen
from richsync.display.status import as_json, show_ledger, show_order
from richsync.ledger import Ledger


def status(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="The export whose ledger is meant.")
    ] = None,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    checkpoint: options.CheckpointOption = None,
    order: Annotated[str | None, typer.Option(metavar="ID", help="All that is known of one order.")] = None,
    json: options.JsonOption = False,
) -> None:
    """What a ledger knows: its runs, its totals, and of one order when it was sent and in what form."""
    screen = Screen()
    view = Ledger.look(ledgers.ledger_meant(options.source_meant(source, map_file, preset), checkpoint))
    trace = view.order(order) if order is not None else None
    if json:
        screen.json(as_json(view, order, trace))
    elif order is None:
        show_ledger(view, screen)
    else:
        show_order(view, order, trace, screen)
    raise typer.Exit(1 if order is not None and trace is None else 0)
