"""The nearest right name, for mistakes."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, names: Iterable[str]) -> str:
    """`did you mean 'x'?`, or nothing when no name is near."""
    folded = {each.casefold(): each for each in names}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    return f"did you mean {folded[found[0]]!r}?" if found else ""
