"""What `richsync import` was asked for, made into a job, run and shown."""

import os
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

from richsync import reports
from richsync.cli import ledgers, options
from richsync.cli.texts import file_name, utf8
from richsync.cli.written import rejects_of
from richsync.client import Destination, checked_origin
from richsync.delivery.moves import Policy
from richsync.delivery.pace import parse_rate
from richsync.display.imports import ScreenTeller, show_account
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.pipeline.imports import import_orders
from richsync.pipeline.outlooks import Job
from richsync.pipeline.readings import Source
from richsync.pipeline.scopes import Ceiling, Scope, parse_ceiling
from richsync.rejects import default_path
from richsync.wire import RICHPANEL, Sender, Signature


class Asked(NamedTuple):
    """The command line of an import."""

    sources: tuple[Source, ...]
    checkpoint: Path | None
    endpoint: str
    api_key: str
    api_secret_file: str | None
    signature: Signature
    rejects: Path | None
    scope: Scope
    limit: int | None
    max_changed: str | None
    resend: bool
    new_ids: bool
    skip_invalid: bool
    dry_run: bool
    yes: bool
    rate: str
    lanes: int
    give_up: str | None


def run(asked: Asked, screen: Screen, *, json: bool, show_values: bool) -> int:
    """Run the import and show it; gives the exit code."""
    job = _job(asked, screen)
    values = show_values or screen.err.is_terminal
    resume = command()
    yes = asked.yes or (job.is_rehearsal and not screen.can_ask)
    with ScreenTeller(screen, resume, yes=yes, show_values=values) as teller:
        made = import_orders(job, teller)
    if made.ending is not None:
        screen.error(made.ending.message, f"{made.ending.hint or 'go on'}: {resume}")
    if json:
        screen.json(reports.imported(made, show_values=values))
    else:
        show_account(made, screen, resume)
    return made.exit_code


def _job(asked: Asked, screen: Screen) -> Job:
    destination = Destination(checked_origin(asked.endpoint))
    rehearsal = destination.is_loopback
    if not (asked.yes or asked.dry_run or rehearsal or screen.can_ask):
        raise UnusableError(
            "an import cannot be undone, and there is no terminal to ask on", f"say --yes: {command()} --yes"
        )
    file_name(str(asked.checkpoint or ""), "name another file")
    ledger = ledgers.ledger_for(asked.sources, asked.checkpoint, rehearsal=rehearsal)
    return Job(
        sources=asked.sources,
        ledger=ledger,
        host=destination.host,
        destination=destination,
        sender=_sender(asked, screen),
        policy=_policy(asked),
        rejects=_rejects(asked, ledger, screen),
        scope=asked.scope,
        limit=asked.limit,
        max_changed=_ceiling(asked.max_changed),
        resend=asked.resend,
        new_ids=asked.new_ids,
        skip_invalid=asked.skip_invalid,
        dry_run=asked.dry_run,
        is_rehearsal=rehearsal,
        options=_options(asked, destination.origin, ledger),
    )


def _rejects(asked: Asked, ledger: Path, screen: Screen) -> tuple[Path, ...]:
    """Where rejects go; people are told where they usually do not."""
    paths = rejects_of(asked.sources, asked.rejects, {ledger})
    for source, path in zip(asked.sources, paths, strict=True):
        usual = default_path(source.name)
        if asked.rejects is None and path != usual:
            screen.note(f"{usual} was changed after it was written and is kept; rejects go to {path}")
    return paths


def _options(asked: Asked, origin: str, ledger: Path) -> tuple[str, ...]:
    """What a command that goes on from this import must say, but for what the environment says anyway."""
    read_as = asked.sources[0].read_as
    said = {
        "--checkpoint": (str(ledger), ""),
        "--endpoint": (origin, RICHPANEL),
        "--api-key": (asked.api_key, os.environ.get("RICHPANEL_API_KEY", "")),
        "--signature": (str(asked.signature), Signature.NONE),
        "--api-secret-file": (asked.api_secret_file, None),
        "--encoding": (read_as.encoding, None),
        "--delimiter": ("tab" if read_as.delimiter == "\t" else read_as.delimiter, None),
    }
    return tuple(
        word for name, (value, usual) in said.items() if value and value != usual for word in (name, value)
    )


def _sender(asked: Asked, screen: Screen) -> Sender:
    key = asked.api_key.strip()
    if not key and not asked.dry_run:
        key = options.secret_of(None, "", "API key", screen)
        if not key:
            raise UnusableError(
                "there is no API key",
                "set RICHPANEL_API_KEY; Richpanel shows it under Apps → Custom Connector",
            )
    utf8(key, "the API key", "set RICHPANEL_API_KEY again")
    if asked.signature is Signature.NONE:
        return Sender(key)
    given = os.environ.get("RICHPANEL_API_SECRET", "")
    secret = options.secret_of(asked.api_secret_file, given, "API secret", screen)
    if not secret:
        raise UnusableError(
            f"--signature {asked.signature} needs the API secret",
            "set RICHPANEL_API_SECRET or --api-secret-file FILE",
        )
    return Sender(key, asked.signature, utf8(secret, "the API secret", "set RICHPANEL_API_SECRET again"))


def _policy(asked: Asked) -> Policy:
    try:
        policy = Policy(rate=parse_rate(asked.rate), lanes=asked.lanes)
    except ValueError as error:
        raise UnusableError(str(error), "see richsync import --help") from None
    return policy if asked.give_up is None else policy.patient(options.seconds(asked.give_up, "--give-up"))


def _ceiling(text: str | None) -> Ceiling | None:
    try:
        return None if text is None else parse_ceiling(text)
    except ValueError as error:
        raise UnusableError(str(error), "see richsync import --help") from None


def command() -> str:
    """The command that was typed, to be typed again, this time to send; options can be added at its end."""
    typed = [each for each in sys.argv[1:] if each != "--dry-run"]
    end = typed.index("--") if "--" in typed else len(typed)
    names = (f"./{each}" if each.startswith("-") and each != "-" else each for each in typed[end + 1 :])
    return shlex.join(["richsync", *typed[:end], *names])
