"""`richsync validate`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.outputs import FailOn, Format
from richsync.display.screen import Screen


def validate(
    sources: options.SourcesArgument,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    output_format: Annotated[
        Format, typer.Option(help="How findings are told on stdout; github: annotations.")
    ] = Format.TEXT,
    json: options.JsonOption = False,
    report: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT=FILE", help="Tell them to a file as well, `junit=report.xml`; repeatable."
        ),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="From what on the exit code is 1; never: it is 0 whatever is found.")
    ] = FailOn.ERROR,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Warnings and notes that are not told; repeatable."),
    ] = None,
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Judge dates as if this day were today.")] = "",
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the rows of rejected orders to a file.")
    ] = None,
    show_values: options.ShowValuesOption = False,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Everything that is wrong with the exports, at once, each at its place and with its mend.

    The same path as `import` without the sending. Exit code 1 when there are errors.
    """
    from richsync.cli.validating import Asked, run

    asked = Asked(
        sources=partial(options.sources_of, sources, map_file, encoding, delimiter, preset),
        form=Format.JSON if json else output_format,
        reports=tuple(report or ()),
        fail_on=fail_on,
        ignored=tuple(ignore or ()),
        as_of=as_of,
        rejects=rejects,
        show_values=show_values,
    )
    raise typer.Exit(run(asked, Screen(quiet=quiet, plain=no_color)))
