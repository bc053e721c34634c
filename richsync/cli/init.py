"""`richsync init`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen, counted
from richsync.errors import UnusableError

SCHEMA = "richsync.schema.json"
"""Beside the map, for editors: what may stand in it."""


def init(
    source: options.SourceArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE|-", help="Where to write. [default: SOURCE.map.yaml beside it]"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a map that is there.")] = False,
    preset: options.PresetOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Look at an export and draft its field map.

    The draft says of each column how sure it is. What cannot be known stands in it as TODO, and
    `richsync validate` names what is left.
    """
    from richsync.drafts import draft, written
    from richsync.pipeline.looks import look
    from richsync.presets import map_text

    screen = Screen(quiet=quiet, plain=no_color)
    path = _path(source, output, force=force)
    if preset is not None:
        with options.written(path, "the map", screen) as lines:
            lines([map_text(options.preset_of(preset), Path(source).name)])
        return
    drawn = draft(look(source, options.read_as(encoding, delimiter)))
    again = _next_command(source, path)
    with options.written(path, "the map", screen) as lines:
        lines([written(drawn, SCHEMA, again)])
    if path == _STDOUT:
        return
    _write_schema(path.with_name(SCHEMA), screen)
    levels = ", ".join(f"{number} {name}" for name, number in drawn.levels.items() if number)
    screen.note(f"{path}: {counted(sum(drawn.levels.values()), 'line')} drafted: {levels}")
    if drawn.left:
        screen.note(f"left to be decided: {', '.join(drawn.left)}")
    screen.note(f"next: read it, then {again}")


_STDOUT = Path("-")


def _path(source: str, output: Path | None, *, force: bool) -> Path:
    """Where the draft goes."""
    path = output or (_STDOUT if source == "-" else options.map_beside(Path(source)))
    if path != _STDOUT and path.exists() and not force:
        raise UnusableError(
            f"{path} is there already", "keep it, or write over it with --force; -o FILE|- writes elsewhere"
        )
    return path


def _next_command(source: str, path: Path) -> str:
    is_found = path == _STDOUT or (source != "-" and path == options.map_beside(Path(source)))
    return shlex.join(["richsync", "validate", source, *([] if is_found else ["--map", str(path)])])


def _write_schema(path: Path, screen: Screen) -> None:
    """Once: what stands there already is kept."""
    from richsync.fieldmaps import map_schema
    from richsync.jsontext import pretty

    if not path.exists():
        with options.written(path, "the schema", screen) as lines:
            lines([pretty(map_schema()), "\n"])
