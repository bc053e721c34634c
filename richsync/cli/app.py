"""The application and its one door: expected, interrupted or a bug, every ending has its exit code."""

import gc
import shlex
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import partial
from importlib import import_module
from io import TextIOWrapper
from itertools import pairwise
from keyword import iskeyword
from types import FrameType
from typing import Annotated

import typer
from typer.exceptions import TyperException

from richsync import __version__
from richsync.display.screen import Screen
from richsync.errors import BadMapError, BugError, InterruptedRunError, RichsyncError

COMMANDS = {
    "Move orders": ("import", "status", "verify"),
    "Prepare": ("init", "preview", "validate", "convert", "rule", "schema"),
    "Users": ("encrypt-user", "decrypt-user"),
    "Rehearse": ("sandbox",),
}
"""The commands by panel; each is a function in a module of the same name."""

_VERSION = ("--version", "-V")
_HELP = frozenset({"-h", "--help", *_VERSION})
"""What is answered by typer itself, past the screen."""


_LIVE = 20_000
"""Objects that are made before the collector looks: orders are many, and none of them is in a circle."""


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"richsync {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option(*_VERSION, callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Move a shop's order history into Richpanel: every row accounted for, nothing lost, nothing doubled."""


def application(asked: str = "") -> typer.Typer:
    """The command that is asked for, or all of them: loading the others takes longer than many a run."""
    app = typer.Typer(
        name="richsync",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    panels = {name: panel for panel, names in COMMANDS.items() for name in names}
    for name in [] if asked in _VERSION else [asked] if asked in panels else panels:
        function = name.replace("-", "_") + "_" * iskeyword(name)
        command = getattr(import_module(f"richsync.cli.{function}"), function)
        app.command(name, rich_help_panel=panels[name])(command)
    return app


def run() -> int:
    """Run the command line, and give its exit code."""
    _on_signals(_interrupted)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a terminal's encoding lacks is shown as an escape
            stream.reconfigure(errors="backslashreplace")
    return _run(Screen(plain="--no-color" in sys.argv))


def _run(screen: Screen) -> int:
    code = _door(partial(_command, screen), screen)
    return _door(screen.flush, screen) or code


def _command(screen: Screen) -> int:
    arguments = sys.argv[1:]
    command = application(*arguments[:1])
    gc.freeze()
    gc.set_threshold(_LIVE)
    gc.enable()
    is_help = not arguments or not _HELP.isdisjoint(arguments)
    with screen.writing() if is_help else nullcontext():
        return int(command(standalone_mode=False) or 0)


def _door(act: Callable[[], int | None], screen: Screen) -> int:
    try:
        return act() or 0
    except TyperException as error:
        return _misused(error, screen)
    except Exception as error:  # noqa: BLE001 - the last door: nobody is shown a traceback
        return _ended(error, screen)


def _misused(error: TyperException, screen: Screen) -> int:
    """An unknown option, a missing argument and the like; without a message the help was shown."""
    if message := error.format_message():
        context: typer.Context | None = getattr(error, "ctx", None)
        hint = f"{context.command_path if context else 'richsync'} --help"
        screen.error(message, hint)
        _document(RichsyncError(message, hint), error.exit_code, screen)
    return error.exit_code


def _ended(error: Exception, screen: Screen) -> int:
    _on_signals(signal.SIG_IGN)  # it ends anyway, and why it does is told whole
    match error:
        case BadMapError():
            from richsync.display.findings import show_mistakes

            show_mistakes(error, screen)
        case RichsyncError() if not isinstance(error, BugError):
            screen.error(error.message, error.hint)
        case _:
            return _bug(error, screen)
    _document(error, error.exit_status, screen)
    return error.exit_status


def _bug(error: Exception, screen: Screen) -> int:
    """The details go to a file: names of functions and lines, no values."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="richsync-", suffix=".txt", delete=False) as file:
        file.write(f"richsync {__version__}, Python {sys.version}\n{type(error).__name__}\n")
        file.writelines(traceback.format_tb(error.__traceback__))
    what = error.message if isinstance(error, BugError) else type(error).__name__
    bug = BugError(
        f"a bug in richsync: {what}", f"please report it with {file.name}; the ledger is right all the same"
    )
    screen.error(bug.message, bug.hint)
    _document(bug, bug.exit_status, screen)
    return bug.exit_status


def _document(error: RichsyncError, exit_code: int, screen: Screen) -> None:
    """What ended the run as the one JSON document, for whoever was promised one on stdout."""
    if not _wants_json(sys.argv[1:]):
        return
    from richsync.reports import ended, unusable

    told = unusable(error).document if isinstance(error, BadMapError) else {}
    with suppress(RichsyncError):  # why it ended was told, whether or not this can be written
        screen.json({**told, **ended(error.message, error.hint, exit_code)})


def _wants_json(arguments: list[str]) -> bool:
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in options:
        return True
    is_form = "--output-format=json" in options or ("--output-format", "json") in pairwise(options)
    return is_form and options[0] == "validate"


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _interrupted(number: int, _frame: FrameType | None) -> None:
    again = shlex.join(["richsync", *sys.argv[1:]])
    raise InterruptedRunError("interrupted: nothing more was sent", again, signal_number=number)
