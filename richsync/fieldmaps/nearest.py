"""The nearest right name, for mistakes."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_WORD = re.compile(r"[^\W\d_]+|\d+")
_NEAR, _NEAR_REST = 0.7, 0.6
_TRIED = 3


def nearest(name: str, names: Iterable[str]) -> str:
    """`did you mean 'x'?`, or nothing when no name is near."""
    folded = {each.casefold(): each for each in names}
    close = get_close_matches(name.casefold(), folded, n=_TRIED, cutoff=_NEAR)
    found = next((each for each in close if _is_slip(name.casefold(), each)), None)
    return "" if found is None else f"did you mean {folded[found]!r}?"


def _is_slip(name: str, other: str) -> bool:
    """Whether they differ by a slip or a word more: `Billing Phone` and `Billing Name` are two things."""
    ours, theirs = _WORD.findall(name), _WORD.findall(other)
    mine = "".join(each for each in ours if each not in theirs)
    rest = "".join(each for each in theirs if each not in ours)
    return not (mine and rest) or SequenceMatcher(None, mine, rest).ratio() >= _NEAR_REST
