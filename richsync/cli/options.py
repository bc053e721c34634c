"""Options that mean the same everywhere, and how they become values."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from richsync.cli.texts import file_name
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.fieldmaps import FieldMap, load
from richsync.fieldmaps.nearest import nearest
from richsync.files import written_whole
from richsync.model import ReadAs
from richsync.pipeline.readings import Source, is_ready, names_of
from richsync.pipeline.scopes import Scope
from richsync.presets import PRESETS, Preset, map_text, recognised
from richsync.ready import READY

_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(ms|s|m|h)?", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}

SourceArgument = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="The export, CSV or JSONL, plain or gzip; `-` for standard input."),
]
SourcesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…", help="The exports, CSV or JSONL, plain or gzip; `-` for standard input."
    ),
]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", "-m", metavar="FILE", help="The field map. [default: SOURCE.map.yaml beside it]"),
]
PresetOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=f"A map that comes with richsync: {', '.join(PRESETS)}."),
]
CheckpointOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", envvar="RICHSYNC_CHECKPOINT", help="The ledger, one a shop. [default: beside the map]"
    ),
]
EndpointOption = Annotated[
    str, typer.Option(metavar="URL", envvar="RICHPANEL_ENDPOINT", help="Where to send: an origin.")
]
SinceOption = Annotated[
    str,
    typer.Option(metavar="DATE", help="Only orders of this day or moment and later, in the map's time zone."),
]
UntilOption = Annotated[
    str, typer.Option(metavar="DATE", help="Only orders up to this day or moment, which is in it.")
]
OnlyIdsOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Only orders of these ids, as they are sent, one a line.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else there.")]
ApiKeyOption = Annotated[
    str,
    typer.Option(metavar="KEY", envvar="RICHPANEL_API_KEY", help="The API key of the custom connector."),
]
RestKeyFileOption = Annotated[
    str | None,
    typer.Option(
        "--rest-key-file", metavar="FILE|-", help="A file that holds the REST key. Or RICHPANEL_REST_KEY."
    ),
]
ShowValuesOption = Annotated[
    bool, typer.Option("--show-values", help="Show the values of personal fields also off a terminal.")
]
EncodingOption = Annotated[str | None, typer.Option(metavar="NAME", help="How the export is encoded.")]
DelimiterOption = Annotated[str | None, typer.Option(metavar="MARK", help="What separates its cells.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only the result and errors.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colours; NO_COLOR does the same.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file, 0600, not to stdout.")
]
SecretFileOption = Annotated[
    str | None,
    typer.Option(
        "--api-secret-file",
        metavar="FILE|-",
        help="A file that holds the API secret. Or RICHPANEL_API_SECRET.",
    ),
]


def source_of(
    name: str,
    map_file: Path | None,
    encoding: str | None = None,
    delimiter: str | None = None,
    preset: str | None = None,
) -> Source:
    """An export with the map that reads it.

    Raises:
        UnusableError: there is no map, or it cannot be read; or `.` or `/` is named, which no file can be, or
            a file by a name that cannot be told.
        BadMapError: it has mistakes.
    """
    if not Path(name).name:
        raise UnusableError(f"{name!r} is not a file", "name the file of the export")
    for each in (name, str(map_file or "")):
        file_name(each, "rename the file")
    told = read_as(encoding, delimiter)
    if preset is not None:
        if map_file is not None:
            raise UnusableError("--map and --preset are two maps", "name one of them")
        text = map_text(preset_of(preset), Path(name).name)
        return Source(name, load(text, f"preset {preset}"), told, map_beside(Path(name)), preset)
    path = map_file or _found_map(name)
    if path is None:
        return Source(name, READY, told, map_beside(Path(name)))
    return Source(name, _loaded(path), told, path)


def read_as(encoding: str | None, delimiter: str | None) -> ReadAs:
    """How a file is written, as far as the command line says."""
    return ReadAs(None, encoding, {"tab": "\t"}.get(delimiter or "", delimiter))


def source_meant(name: str | None, map_file: Path | None, preset: str | None) -> Source | None:
    """The export of which something is asked, if one is named, or its map."""
    if name is None and map_file is None:
        return None
    return source_of(name or "-", map_file, preset=preset)


def preset_of(name: str) -> Preset:
    """The preset of this name.

    Raises:
        UnusableError: there is none.
    """
    if name not in PRESETS:
        raise UnusableError(
            f"there is no preset {name!r}", nearest(name, PRESETS) or f"use {', '.join(PRESETS)}"
        )
    return PRESETS[name]


def sources_of(
    names: Sequence[str],
    map_file: Path | None,
    encoding: str | None = None,
    delimiter: str | None = None,
    preset: str | None = None,
) -> tuple[Source, ...]:
    """Several exports, each with the map that reads it.

    Raises:
        UnusableError: one is named twice, or what `source_of` raises.
        BadMapError: a map has mistakes.
    """
    places = [name if name == "-" else os.path.realpath(name) for name in names]
    for name, place in zip(names, places, strict=True):
        if places.count(place) > 1:
            raise UnusableError(f"{name} is named more than once", "name each export once")
    return tuple(source_of(name, map_file, encoding, delimiter, preset) for name in names)


def _found_map(name: str) -> Path | None:
    """The map beside the export, or the folder's; none for ready events, or a pipe that may hold them."""
    beside, common = map_beside(Path(name)), Path("richsync.yaml")
    if name != "-" and beside.is_file():
        return beside
    if Path(name).is_file() and is_ready(name):
        return None
    if common.is_file():
        return common
    if name == "-" or Path(name).is_fifo():
        return None
    if not Path(name).exists():
        raise UnusableError(f"there is no file {name}", "check the path of the export")
    known = recognised(names_of(name))
    looks = f"it looks like {known.of}: say --preset {known.name}; or " if known else ""
    raise UnusableError(
        f"there is no field map for {name}: looked for {beside} and {common}",
        f"{looks}{shlex.join(['richsync', 'init', name])} drafts one; or name it with --map FILE",
    )


def map_beside(export: Path) -> Path:
    """`orders.csv`, also `orders.csv.gz` → `orders.map.yaml`."""
    plain = export.with_suffix("") if export.suffix == ".gz" else export
    return plain.with_name(f"{plain.stem}.map.yaml")


def _loaded(path: Path) -> FieldMap:
    try:
        written = path.read_bytes()
        return load(written.decode("utf-8-sig"), str(path))._replace(sha256=sha256(written).hexdigest())
    except OSError as error:
        raise UnusableError(
            f"the map {path} cannot be read: {error.strerror}", "check the path of --map"
        ) from None
    except UnicodeDecodeError as error:
        message = f"the map {path} is not UTF-8: byte {error.start + 1}"
        raise UnusableError(message, "save it as UTF-8") from None


def scope_of(since: str, until: str, only_ids: Path | None) -> Scope:
    """The part of the exports that is meant.

    Raises:
        UnusableError: the days cannot be read, or the file of ids.
    """
    scope = Scope(since.strip(), until.strip(), None if only_ids is None else _ids_of(only_ids))
    try:
        scope.within(None)
    except ValueError as error:
        raise UnusableError(str(error), "the days are those of the map's time zone") from None
    return scope


def _ids_of(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UnusableError(f"the ids cannot be read from {path}: {reason}", "check the path") from None
    ids = frozenset(filter(None, map(str.strip, lines)))
    if not ids:
        raise UnusableError(f"{path} holds no ids", "write one order id a line, as it is sent")
    return ids


@contextmanager
def written(output: Path | None, what: str, screen: Screen) -> Iterator[Callable[[Iterable[str]], object]]:
    """What takes the lines of a result: stdout, or a file that is there whole or not at all."""
    if output is None or output == Path("-"):
        yield screen.lines
    else:
        with written_whole(output, what, "name another place with --output FILE") as file:
            yield file.writelines


def text_of(file: str, what: str) -> str:
    """The text of a file, or of standard input for `-`.

    The file's name is not repeated: it may be a secret that was typed in the wrong place.

    Raises:
        UnusableError: it cannot be read.
    """
    try:
        data = _standard_input() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} is not UTF-8"
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "that is no file"
    raise UnusableError(f"the {what} cannot be read: {reason}", "check the path; `-` is standard input")


def _standard_input() -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UnusableError("standard input is closed", "name a file, or pipe the text in")
    data: bytes = stream.read()
    return data


def api_secret(file: str | None, screen: Screen) -> str:
    """The API secret, as `secret_of` finds it.

    Raises:
        UnusableError: there is none.
    """
    secret = secret_of(file, os.environ.get("RICHPANEL_API_SECRET", ""), "API secret", screen)
    if not secret:
        raise UnusableError("there is no API secret", "set RICHPANEL_API_SECRET or --api-secret-file FILE")
    return secret


def seconds(text: str, option: str) -> float:
    """A time as it is written, `30s`, `5m`, `1h`, in seconds.

    Raises:
        UnusableError: it is none.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise UnusableError(f"{option} {text!r} is not a time", "write 30s, 5m or 1h")
    return float(found.group(1)) * _SECONDS[found.group(2)]


def secret_of(file: str | None, given: str, what: str, screen: Screen) -> str:
    """A secret from a file, standard input, the environment or a hidden prompt; never from an option."""
    if file is not None:
        found = text_of(file, what)
    else:
        is_asked = not given and screen.can_ask
        found = _prompted(what, screen) if is_asked else given
    secret = found.strip()
    if len(secret.splitlines()) > 1:
        raise UnusableError(f"the {what} has several lines", "give it alone, on one line")
    return secret


def _prompted(what: str, screen: Screen) -> str:
    return screen.ask(partial(screen.err.console.input, f"{what} (not shown): ", password=True)) or ""
