"""`richsync preview`."""

from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.previews import show_explained, show_previewed
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.model import Reject
from richsync.pipeline.previews import Wanted
from richsync.pipeline.previews import preview as previewed


def preview(
    source: options.SourceArgument,
    count: Annotated[int, typer.Option("-n", min=1, metavar="N", help="How many orders.")] = 3,
    order: Annotated[str | None, typer.Option(metavar="ID", help="Only the order with this id.")] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="For each field: the column, its cell, what was done, the result."),
    ] = False,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    no_color: options.NoColorOption = False,
) -> None:
    """The first orders as the events they become, as JSON on stdout; nothing is sent.

    With --explain, where each field of them comes from instead.
    """
    screen = Screen(plain=no_color)
    read = options.source_of(source, map_file, encoding, delimiter, preset)
    show = show_explained if explain else show_previewed
    shown = rejected = 0
    for each in previewed(read, Wanted(count, order, explain)):
        show(each, source, read.field_map.export.zone, screen)
        shown += 1
        rejected += isinstance(each.found, Reject)
    if order is not None and not shown:
        message = f"{source} has no order {order}"
        raise UnusableError(message, "check the id; it is compared as it is sent, letter by letter")
    if rejected:
        raise typer.Exit(1)
