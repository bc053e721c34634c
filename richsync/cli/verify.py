"""`richsync verify`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import ledgers, options
from richsync.client import Destination, checked_origin
from richsync.display.screen import Screen
from richsync.display.verifications import ScreenWitness, as_json, show_next, show_verified
from richsync.errors import UnusableError
from richsync.ledger import Binding
from richsync.pipeline.verifications import Inquiry, Verified
from richsync.pipeline.verifications import verify as verified
from richsync.wire import RICHPANEL


def verify(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="The export whose orders are meant.")
    ] = None,
    order: Annotated[str | None, typer.Option(metavar="ID", help="Only the order with this id.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every order, and not 20 of them.")] = False,
    wait: Annotated[
        str, typer.Option(metavar="TIME", help="Ask again for so long until all are visible: 30m.")
    ] = "0s",
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the ids not visible.")
    ] = None,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    checkpoint: options.CheckpointOption = None,
    endpoint: options.EndpointOption = RICHPANEL,
    api_key: options.ApiKeyOption = "",
    rest_key_file: options.RestKeyFileOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Read orders back that the ledger calls accepted: visible, not yet, differing, or it cannot be told.

    At most 50 requests in 30 s. With SOURCE, what is there is compared with what the export gives now. Exit
    code 1 when some are not visible as they were sent.
    """
    screen = Screen(quiet=quiet, plain=no_color)
    if every and order is not None:
        raise UnusableError("--all and --order ID are two questions", "ask one of them")
    destination = Destination(checked_origin(endpoint))
    meant = options.source_meant(source, map_file, preset)
    ledger = ledgers.ledger_meant(meant, checkpoint, destination.is_loopback)
    inquiry = Inquiry(
        ledger=ledger,
        binding=Binding(destination.host, _api_key(api_key, screen)),
        destination=destination,
        rest_key=_rest_key(rest_key_file, screen),
        source=meant,
        order_id=order,
        every=every,
        patience=options.seconds(wait, "--wait"),
    )
    found = verified(inquiry, ScreenWitness(destination.origin, screen))
    if out is not None:
        with options.written(out, "the ids", screen) as lines:
            lines(f"{each.order_id}\n" for each in found.missed)
    if json:
        screen.json(as_json(found))
    else:
        show_verified(found, screen)
    show_next(found, _again(inquiry, found, out), None if out is None else str(out), screen)
    raise typer.Exit(1 if found.missed else 0)


def _api_key(given: str, screen: Screen) -> str:
    key = given.strip() or options.secret_of(None, "", "API key", screen)
    if not key:
        raise UnusableError("there is no API key", "set RICHPANEL_API_KEY: the one that the import had")
    return key


def _rest_key(file: str | None, screen: Screen) -> str:
    key = options.secret_of(file, os.environ.get("RICHPANEL_REST_KEY", ""), "REST key", screen)
    if not key:
        hint = "set RICHPANEL_REST_KEY; Richpanel shows it under Settings → Integrations → API keys"
        raise UnusableError("there is no REST key, with which orders are read back", hint)
    return key


def _again(inquiry: Inquiry, found: Verified, out: Path | None) -> list[str]:
    """The import that sends what is missed once more; its source is the last run's where none is named."""
    told = inquiry.source
    name = told.name if told else found.view.runs[-1].source
    words = [
        "richsync",
        "import",
        name,
        "--resend",
        "--only-ids",
        str(out),
        *(told.map_option if told else ()),
    ]
    options_ = {
        "--checkpoint": str(inquiry.ledger),
        "--endpoint": inquiry.destination.origin.replace(RICHPANEL, ""),
    }
    return [*words, *(word for pair in options_.items() if pair[1] for word in pair)]
