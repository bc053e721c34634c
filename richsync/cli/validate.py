"""`richsync validate`."""

import typer

from richsync import reports
from richsync.cli import options
from richsync.display.findings import show_export, show_findings, show_verdict
from richsync.display.progress import Reading
from richsync.display.screen import Screen
from richsync.pipeline.validations import validate as surveyed


def validate(
    sources: options.SourcesArgument,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    json: options.JsonOption = False,
    show_values: options.ShowValuesOption = False,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Everything that is wrong with the exports, at once, each at its place and with its mend.

    The same path as `import` without the sending. Exit code 1 when there are errors.
    """
    screen = Screen(quiet=quiet, plain=no_color)
    read = options.sources_of(sources, map_file, encoding, delimiter, preset)
    with Reading(screen) as progress:
        found = surveyed(read, progress)
    values = show_values or screen.out.is_terminal
    if json:
        screen.json(reports.validated(found, show_values=values))
    else:
        for survey in found.surveys:
            show_export(survey, screen)
            show_findings(reports.Teller(survey, show_values=values).told, screen.result, screen.width)
        show_verdict(found, screen)
    raise typer.Exit(0 if all(survey.is_sound for survey in found.surveys) else 1)
