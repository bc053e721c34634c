"""How an export writes numbers, as far as its cells prove it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from richsync.drafts.currencies import CODES, LETTERS
from richsync.values import PLAIN_STYLE, Bad, NumberStyle, number_reader, number_style

_ZERO = re.compile(r"(?<!\d)0([.,])\d+")
"""Behind a single zero a mark can only be the one before decimals."""
_GROUP = re.compile(r"\D*\d{1,3}([.,])\d{3}\D*")
_LETTERS = re.compile(r"[^\W\d_]+")

_SMALL = re.compile(r"\D*\d{1,3}\D*")
_LARGE = re.compile(r"\D*\d{4,}\D*")
_PLAIN = number_reader((PLAIN_STYLE,))


class Numbers(NamedTuple):
    """`examples` as `numbers:` takes them; none when numbers are plain. `is_open`: nothing decides."""

    examples: tuple[str, ...] = ()
    is_open: bool = False


def is_number(cell: str) -> bool:
    """Whether a cell may hold a number, with a currency's mark or without."""
    if not any(each.isdecimal() for each in cell) or not _are_marks(cell):
        return False
    return _style(cell) is not None or _GROUP.fullmatch(cell) is not None


def sniffed(cells: Iterable[str], *, is_whole: bool = False) -> Numbers:
    """The styles of cells; `is_whole` says that their currency has no decimals: `1,200` is a thousand."""
    held = [cell for cell in cells if is_number(cell)]
    marked = {cell: style for cell in held if (style := _style(cell)) is not None}
    open_marks = {found[1] for cell in held if cell not in marked and (found := _GROUP.fullmatch(cell))}
    if not open_marks and all(not isinstance(_PLAIN(cell), Bad) for cell in held):
        return Numbers()
    decimals = {style.decimal for cell, style in marked.items() if _shows(cell)}
    if not decimals and len(open_marks) == 1 and (is_whole or _are_grouped(held)):
        decimals = {"," if "." in open_marks else "."}
    if len(decimals) > 1 or (open_marks and not decimals):
        return Numbers(is_open=True)
    decimal = next(iter(decimals), ".")
    thousands = {style.thousands for style in marked.values()} | (open_marks - {decimal})
    between = next((each for each in sorted(thousands, reverse=True) if each), "")
    around = dict.fromkeys((style.marks, style.behind, style.parentheses) for style in marked.values())
    bare = (("", ""), False, False)
    told = [each for each in around if each != bare] or [bare]
    styles = [NumberStyle(decimal, between, *each) for each in told]
    if styles == [PLAIN_STYLE]:
        return Numbers()
    return Numbers(tuple(dict.fromkeys(style.example for style in styles)))


def _are_marks(cell: str) -> bool:
    """Whether its letters are those of a currency: `Client 1` and `OV426` are no numbers."""
    return all(each in CODES or each in LETTERS for each in _LETTERS.findall(cell))


def _are_grouped(cells: list[str]) -> bool:
    """Whether only numbers from 1000 on have a mark: one before decimals would stand in small ones too."""
    return any(map(_SMALL.fullmatch, cells)) and not any(map(_LARGE.fullmatch, cells))


def _style(cell: str) -> NumberStyle | None:
    """How the number in a cell is written; None when it is none, or can be read in two ways."""
    try:
        return number_style(_ZERO.sub(r"0\g<1>5", cell))
    except ValueError:
        return None


def _shows(cell: str) -> bool:
    """Whether a cell says which mark stands before decimals."""
    return re.search(r"\d[.,]\d", cell) is not None
