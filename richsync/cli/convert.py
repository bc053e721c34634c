"""`richsync convert`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.findings import show_export, show_findings
from richsync.display.previews import show_converted
from richsync.display.progress import Reading
from richsync.display.screen import Screen
from richsync.model import Disposition
from richsync.pipeline.conversions import convert as converted
from richsync.plans import Place
from richsync.reports import Teller


def convert(
    sources: options.SourcesArgument,
    out: options.OutputOption = None,
    since: options.SinceOption = "",
    until: options.UntilOption = "",
    only_ids: options.OnlyIdsOption = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Convert the valid orders although some are not.")
    ] = False,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    show_values: options.ShowValuesOption = False,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Every order as the event it becomes, one a line, without the key; nothing is sent.

    The file can be validated and imported like the export, with the same result, and needs no map.
    """
    screen = Screen(quiet=quiet, plain=no_color)

    def write(events: Iterator[bytes]) -> None:
        with options.written(out, "the events", screen) as lines:
            lines(f"{event.decode()}\n" for event in events)

    read = options.sources_of(sources, map_file, encoding, delimiter, preset)
    scope = options.scope_of(since, until, only_ids)
    place = Place(out.absolute().parent, "-o") if out else Place(Path(tempfile.gettempdir()), "TMPDIR")
    with Reading(screen) as progress:
        found = converted(read, progress, write, place, scope, skip_invalid=skip_invalid)
    for survey in found.surveys:
        show_export(survey, screen)
        told = Teller(survey, show_values=show_values or screen.err.is_terminal).told
        show_findings(told, screen.note, screen.err.width)
    any_fault = any(survey.faults for survey in found.surveys)
    show_converted(found.account, screen, any_fault=any_fault)
    kept_out = found.account.held or found.account.of(Disposition.REJECTED).records
    raise typer.Exit(1 if kept_out or any_fault else 0)
