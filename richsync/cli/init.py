"""`richsync init`."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from richsync.cli import options
from richsync.cli.texts import file_name
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.model import ReadAs
from richsync.pipeline.readings import names_of
from richsync.presets import recognised
from richsync.shown import counted

if TYPE_CHECKING:
    from richsync.drafts import Draft

SCHEMA = "richsync.schema.json"
"""Beside the map, for editors: what may stand in it."""


def init(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…",
            help="The export; its files, or their folder, if it has several; `-` for standard input.",
        ),
    ],
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
    screen = Screen(quiet=quiet, plain=no_color)
    for each in (*sources, str(output or "")):
        file_name(each, "rename the file")
    files = _files(sources)
    if preset is None:
        _write_draft(files, output, options.read_as(encoding, delimiter), screen, force=force)
    elif len(files) > 1 or encoding or delimiter:
        raise UnusableError(
            "--preset writes a map as it comes with richsync, for one export",
            "name the file with the orders only, without --encoding and --delimiter",
        )
    else:
        _write_preset(next(iter(files.values())), output, preset, screen, force=force)


def _write_preset(source: str, output: Path | None, preset: str, screen: Screen, *, force: bool) -> None:
    from richsync.drafts import EDITORS
    from richsync.pipeline.fittings import written_out

    path = _path(source, output, force=force)
    made = written_out(options.preset_of(preset), source)
    with options.written(path, "the map", screen) as lines:
        lines([f"{EDITORS}{SCHEMA}\n", made.text])
    if made.passed_over:
        left_out = ", ".join(each.path for each in made.passed_over)
        screen.note(f"the export lacks columns, see the comments: {left_out}")
    if path != _STDOUT:
        _write_schema(path.with_name(SCHEMA), screen)
        screen.note(f"next: read it, then {_next_command(source, path)}")


def _write_draft(
    files: Mapping[str, str], output: Path | None, read_as: ReadAs, screen: Screen, *, force: bool
) -> None:
    from richsync.drafts import draft, written
    from richsync.pipeline.looks import look

    drawn = draft([look(name, read_as, called) for called, name in files.items()])
    source = files[drawn.source]
    path = _path(source, output, force=force)
    again = _next_command(source, path)
    with options.written(path, "the map", screen) as lines:
        lines([written(drawn, SCHEMA, again)])
    if path != _STDOUT:
        _write_schema(path.with_name(SCHEMA), screen)
        _show(drawn, path, screen)
        screen.note(f"next: read it, then {again}")
    if source != "-" and (known := recognised(names_of(source))):
        screen.note(
            f"it looks like {known.of}: --preset {known.name} writes the map that comes with richsync"
        )


def _show(drawn: "Draft", path: Path, screen: Screen) -> None:
    levels = ", ".join(f"{number} {name}" for name, number in drawn.levels.items() if number)
    screen.note(f"{path}: {counted(sum(drawn.levels.values()), 'line')} drafted: {levels}")
    if drawn.left:
        screen.note(f"left to be decided: {', '.join(drawn.left)}")


_STDOUT = Path("-")
_KINDS = ("*.csv", "*.tsv", "*.txt", "*.json", "*.jsonl", "*.ndjson", "*.gz", "*.zip")


def _files(sources: list[str]) -> dict[str, str]:
    """The files of an export by their names in its folder, as a map names those that it joins.

    Raises:
        UnusableError: there is none, or one is not in the folder of the others or below it.
    """
    folders = (Path(each) for each in sources if each != "-" and Path(each).is_dir())
    held = (str(path) for folder in folders for kind in _KINDS for path in sorted(folder.glob(kind)))
    named = (each for each in sources if each == "-" or not Path(each).is_dir())
    every = [each for each in (*named, *held) if not each.endswith(SCHEMA)]
    if not every:
        raise UnusableError(f"there is no export in {', '.join(sources)}", "name a file: CSV or JSON")
    if len(every) == 1:
        return {every[0]: every[0]}
    folder = min((Path(each).resolve().parent for each in every), key=lambda path: len(path.parts))
    try:
        return {Path(each).resolve().relative_to(folder).as_posix(): each for each in every}
    except ValueError:
        hint = "put them beside each other: a map joins files beside it or below"
        raise UnusableError("the files are in different folders", hint) from None


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
    from richsync.fieldmaps.mapschema import map_schema
    from richsync.jsontext import pretty

    if not path.exists():
        with options.written(path, "the schema", screen) as lines:
            lines([pretty(map_schema()), "\n"])
