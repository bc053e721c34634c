"""`richsync import`."""

from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen
from richsync.wire import RICHPANEL, Signature


def import_(
    sources: options.SourcesArgument,
    map_file: options.MapOption = None,
    preset: options.PresetOption = None,
    checkpoint: options.CheckpointOption = None,
    endpoint: options.EndpointOption = RICHPANEL,
    api_key: options.ApiKeyOption = "",
    api_secret_file: options.SecretFileOption = None,
    signature: Annotated[
        Signature, typer.Option(help="Sign each request; the documentation asks for none.")
    ] = Signature.NONE,
    since: options.SinceOption = "",
    until: options.UntilOption = "",
    only_ids: options.OnlyIdsOption = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Send at most N orders that need sending, oldest first."),
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send also what the ledger calls accepted.")
    ] = False,
    new_ids: Annotated[
        bool, typer.Option("--new-ids", help="Go on although order ids changed (RS706).")
    ] = False,
    max_changed: Annotated[
        str | None,
        typer.Option(
            metavar="N|N%", help="Send nothing when more accepted orders than that changed their form."
        ),
    ] = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Import the valid orders although some are not.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where rejected rows go. [default: SOURCE.rejects.csv beside it]"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="All but the sending.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="No question; needed off a terminal.")] = False,
    rate: Annotated[
        str, typer.Option(metavar="N/s|N/30s|unlimited", help="Requests at most; Richpanel publishes 50/30s.")
    ] = "50/30s",
    lanes: Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Requests in flight at most.")] = 4,
    give_up: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Stop when nothing was accepted for so long. [default: 5m, at the start 20s]"
        ),
    ] = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    json: options.JsonOption = False,
    show_values: options.ShowValuesOption = False,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Check the exports to their end, show what is about to happen, ask once, and send what the ledger lacks.

    Run it again to resume, to add new orders or to correct a map: only what Richpanel has not accepted in
    exactly this form is sent.
    """
    from richsync.cli.importing import Asked, run

    screen = Screen(quiet=quiet, plain=no_color)
    asked = Asked(
        sources=options.sources_of(sources, map_file, encoding, delimiter, preset),
        checkpoint=checkpoint,
        endpoint=endpoint,
        api_key=api_key,
        api_secret_file=api_secret_file,
        signature=signature,
        rejects=rejects,
        scope=options.scope_of(since, until, only_ids),
        limit=limit,
        max_changed=max_changed,
        resend=resend,
        new_ids=new_ids,
        skip_invalid=skip_invalid,
        dry_run=dry_run,
        yes=yes,
        rate=rate,
        lanes=lanes,
        give_up=give_up,
    )
    raise typer.Exit(run(asked, screen, json=json, show_values=show_values))
