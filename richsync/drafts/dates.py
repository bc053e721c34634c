"""How an export writes dates, as far as its cells prove it: day and month are never guessed."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple, TypeAlias

from richsync.values import Bad, is_local_iso, moment_reader
from richsync.values.months import month

Candidates: TypeAlias = tuple[str, ...]
"""The formats that one cell may be in."""

_TIME = re.compile(
    r"(?P<hour>\d{1,2}):\d{2}(?P<second>:\d{2}(?P<fraction>[.,]\d+)?)?(?P<half>\s?[AaPp]\.?[Mm]\.?)?"
)
_ZONE = re.compile(r"\s*(?:(?P<offset>[Zz]|[+-]\d{2}:?\d{2})|(?P<zone>[A-Z]{2,5}))$")
_NUMERIC = re.compile(
    r"(\d{1,4})([./ -]\s?|\s?[年년]\s?)(\d{1,2})([./ -]\s?|\s?[月월]\s?)(\d{1,4})([日일.]?)"
)
_NAMED = re.compile(r"(?:(?P<week>[^\W\d_]+\.?)(?P<comma>,?\s+))?(?P<rest>.*?)", re.DOTALL)
_PIECE = re.compile(r"\d+|[^\W\d_]+\.?|[\W_]+")
_EPOCHS = {10: "epoch", 13: "epoch_ms", 16: "epoch_us"}
_YEAR = 4
_COMPACT = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}
_EARLIEST, _LATEST = 631_152_000_000, 2_208_988_800_000  # 1990 and 2040, in milliseconds


class Dates(NamedTuple):
    """`formats` that are proven, the commonest first; `open` are those between which nothing decides.

    `is_local` says that some carry no offset.
    """

    formats: tuple[str, ...] = ()
    open: tuple[Candidates, ...] = ()
    is_local: bool = False


def sniffed(cells: Iterable[str]) -> Dates:
    """The formats of cells, each in as few as can be."""
    groups: dict[Candidates, list[str]] = {}
    for cell in cells:
        if found := candidates(cell):
            groups.setdefault(found, []).append(cell)
    fitting = {found: tuple(each for each in found if _reads(each, held)) for found, held in groups.items()}
    orders = {_order(left[0]) for left in fitting.values() if len(left) == 1}
    common = Counter({found: len(held) for found, held in groups.items()})
    proven: list[str] = []
    undecided: list[Candidates] = []
    for found, _ in common.most_common():
        left = fitting[found]
        alike = [each for each in left if _order(each) in orders]
        chosen = left if len(left) == 1 else alike if len(alike) == 1 else ()
        if chosen:
            proven += chosen
        else:
            undecided.append(left or found)
    shapes = Counter(re.sub("%[dmy]", "%", form) for form in dict.fromkeys(proven))
    torn = tuple(each for each in dict.fromkeys(proven) if shapes[re.sub("%[dmy]", "%", each)] > 1)
    undecided += [torn] if torn else []
    formats = tuple(each for each in dict.fromkeys(proven) if each not in torn)
    local = any(each in formats and _is_local(each, held) for found, held in groups.items() for each in found)
    return Dates(formats, tuple(dict.fromkeys(undecided)), local)


@lru_cache(maxsize=4096)
def candidates(cell: str) -> Candidates:
    """The formats that a cell may be in; none when it is no date."""
    for name in ("iso", "rfc2822"):
        if _read(name, cell) is not None:
            return (name,)
    if cell.isdecimal():
        named = _EPOCHS.get(len(cell)) or _COMPACT.get(len(cell))
        return (named,) if named and _read(named, cell) is not None else ()
    day, time = _parted(cell)
    return tuple(each for form in _days(day) if _read(each := f"{form}{time}", cell) is not None)


def is_time(cell: str) -> bool:
    """Whether it is a time of day alone."""
    return _TIME.fullmatch(cell) is not None


def time_format(cell: str) -> str:
    """The pattern of a time of day."""
    return _parted(cell)[1]


def _parted(cell: str) -> tuple[str, str]:
    """What stands before the time, and the pattern of the rest."""
    found = _TIME.search(cell)
    if not found:
        return cell, ""
    zone = _ZONE.fullmatch(cell[found.end() :])
    rest = cell[found.end() :]
    hour = "%I" if found["half"] else "%H"
    time = f"{hour}:%M{':%S' if found['second'] else ''}"
    time += f"{found['fraction'][0]}%f" if found["fraction"] else ""
    time += found["half"][: -len(found["half"].strip())] + "%p" if found["half"] else ""
    if zone:
        return cell[
            : found.start()
        ], f"{time}{' ' if rest[:1] == ' ' else ''}{'%z' if zone['offset'] else '%Z'}"
    return cell[: found.start()], time + _literal(rest)


def _literal(rest: str) -> str:
    """What stands behind the time: a year, as in `Thu Nov 20 14:55:11 1997`."""
    return re.sub(r"\d{4}", "%Y", rest)


def _days(text: str) -> Iterable[str]:
    """The patterns that the date in front of a time may have."""
    bare = text.rstrip()
    tail = text[len(bare) :]
    comma = "," if bare.endswith(",") else ""
    numeric = _NUMERIC.fullmatch(bare.removesuffix(","))
    found = _numeric(numeric) if numeric else _named(bare.removesuffix(","))
    return [f"{each}{comma}{tail}" for each in found]


def _numeric(found: re.Match[str]) -> list[str]:
    first, one, _, two, last, end = found.groups()
    if len(first) == _YEAR:
        return [f"%Y{one}%m{two}%d{end}"]
    if len(last) == _YEAR:
        return [f"%d{one}%m{two}%Y{end}", f"%m{one}%d{two}%Y{end}"]
    return [f"%d{one}%m{two}%y{end}", f"%m{one}%d{two}%y{end}", f"%y{one}%m{two}%d{end}"]


def _named(text: str) -> list[str]:
    """A date with the name of its month, and perhaps that of its day."""
    pieces = _PIECE.findall(text)
    months = [at for at, each in enumerate(pieces) if each[0].isalpha() and month(each) is not None]
    numbers = [at for at, each in enumerate(pieces) if each.isdecimal()]
    if len(months) != 1 or not 1 <= len(numbers) <= len("dy"):
        return []
    said = [*pieces]
    for at, each in enumerate(pieces):
        if each[0].isalpha() and at not in months:
            said[at] = "%a" if at == 0 else each
    said[months[0]] = "%b"
    forms = []
    for names in permutations(("%d", "%Y", "%y"), len(numbers)):
        if _suits(names, [pieces[at] for at in numbers]):
            for at, name in zip(numbers, names, strict=True):
                said[at] = name
            forms.append("".join(said))
    return forms[:1]


def _suits(names: Sequence[str], numbers: Sequence[str]) -> bool:
    """Whether the day comes before a year of two digits, and a year of four is one."""
    lengths = {"%Y": {_YEAR}, "%d": {1, 2}, "%y": {2}}
    fits = all(len(number) in lengths[name] for name, number in zip(names, numbers, strict=True))
    return fits and "%d" in names and tuple(names) != ("%y", "%d")


@lru_cache(maxsize=4096)
def _read(form: str, cell: str) -> int | None:
    """The moment, if it is one that an order may have been placed at."""
    try:
        found = _reader(form)(cell)
    except ValueError:
        return None
    moment = found.value if isinstance(found, Bad) else found
    return moment if isinstance(moment, int) and _EARLIEST <= moment < _LATEST else None


@lru_cache(maxsize=256)
def _reader(form: str) -> Callable[[object], int | Bad]:
    return moment_reader((form,), None)


def _reads(form: str, cells: Sequence[str]) -> bool:
    if any(_read(form, cell) is None for cell in cells):
        return False
    return not form.startswith("%y") or _varies_first(cells)


def _varies_first(cells: Sequence[str]) -> bool:
    """Whether the last number varies as a day does: a year of two digits varies least."""
    parts = [re.findall(r"\d+", cell)[:3] for cell in cells]
    return len({part[2] for part in parts}) >= len({part[0] for part in parts})


def _order(form: str) -> str:
    """The order of day, month and year, with what stands between them."""
    return re.sub(r"[\s,]*%[HIMSfpzZ].*", "", form)


def _is_local(form: str, cells: Sequence[str]) -> bool:
    if form == "iso":
        return any(map(is_local_iso, cells))
    return form.startswith("%") or ("%" in form and not ("%z" in form or "%Z" in form))
