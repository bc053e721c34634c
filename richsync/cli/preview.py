"""`richsync preview`."""

from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen
from richsync.findings import reason
from richsync.jsontext import loads, pretty
from richsync.model import Reject
from richsync.pipeline.surveys import preview as previewed


def preview(
    source: options.SourceArgument,
    count: Annotated[int, typer.Option("-n", min=1, metavar="N", help="How many orders.")] = 3,
    map_file: options.MapOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    no_color: options.NoColorOption = False,
) -> None:
    """The first orders as the events they become, as JSON on stdout; nothing is sent."""
    screen = Screen(plain=no_color)
    rejected = 0
    for found in previewed(options.source_of(source, map_file, encoding, delimiter), count):
        if isinstance(found, Reject):
            rejected += 1
            screen.note(f"{source}:{found.line}: rejected: {reason(found.problems)}")
        else:
            _, event = found
            screen.result(pretty(loads(event.body.decode(), exact=False)))
    if rejected:
        raise typer.Exit(1)
