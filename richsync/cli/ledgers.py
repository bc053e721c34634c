"""Which ledger a command means."""

from collections.abc import Sequence
from pathlib import Path

from richsync.errors import UnusableError
from richsync.pipeline.readings import Source


def ledger_for(sources: Sequence[Source], checkpoint: Path | None, *, rehearsal: bool) -> Path:
    """The one ledger of several sources: the one that they have, or the first source's.

    Raises:
        UnusableError: they have several already.
    """
    usual = list(dict.fromkeys(ledger_of(each, checkpoint, rehearsal=rehearsal) for each in sources))
    existing = [path for path in usual if path.exists()]
    if len(existing) > 1:
        several = f"the sources have several ledgers: {', '.join(map(str, existing))}"
        raise UnusableError(several, "say which of them is the shop's: --checkpoint FILE")
    return (existing or usual)[0]


def ledger_of(source: Source, checkpoint: Path | None, *, rehearsal: bool) -> Path:
    """The ledger: as told, as the map says, or beside the map; a rehearsal never meets the real one."""
    if checkpoint is not None:
        return checkpoint
    field_map = source.map_file
    if source.field_map.checkpoint:
        named = field_map.parent / source.field_map.checkpoint
        return named.with_name(f"{named.stem}.rehearsal{named.suffix}") if rehearsal else named
    if source.name == "-" and not (field_map.is_file() and field_map.name != "richsync.yaml"):
        raise UnusableError("standard input needs a ledger of its own", "name it with --checkpoint FILE")
    stem = field_map.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".map")
    return field_map.with_name(f"{stem}{'.rehearsal' if rehearsal else ''}.richsync")


def ledger_meant(meant: Source | None, checkpoint: Path | None, rehearsal: bool | None = None) -> Path:
    """The ledger to look at: as told, that of an export or its map, or the only one here.

    Without `rehearsal` the real one of an export, else its rehearsal's.
    """
    if checkpoint is not None:
        return checkpoint
    if meant is not None:
        kinds = (False, True) if rehearsal is None else (rehearsal,)
        found = [ledger_of(meant, None, rehearsal=kind) for kind in kinds]
        return next((path for path in found if path.exists()), found[0])
    here = sorted(Path().glob("*.richsync"))
    if rehearsal is not None:
        here = [path for path in here if path.name.endswith(".rehearsal.richsync") is rehearsal] or here
    if len(here) == 1:
        return here[0]
    what = f"{len(here)} ledgers here: {', '.join(map(str, here))}" if here else "there is no ledger here"
    raise UnusableError(what, "name one with --checkpoint FILE")
