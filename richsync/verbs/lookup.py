"""Tables of words: what is found and what is sent for it."""

from collections.abc import Mapping
from typing import NamedTuple


class Lookup(NamedTuple):
    """A table of words. `otherwise` is what becomes of a word it does not list.

    `keep` says nothing about it; `report`, the default, keeps it and makes a finding; `drop` drops it;
    `reject` makes it an error; `=text` puts a text in its place.
    """

    table: Mapping[str, str]
    otherwise: str = "report"

    def find(self, written: str) -> str | None:
        """The word's translation, exact or without regard to case; None when it is not listed."""
        found = self.table.get(written)
        return self.table.get(written.casefold()) if found is None else found


def lookup_table(pairs: Mapping[str, str]) -> dict[str, str]:
    """The table with its words also in folded case, the exact ones first."""
    return {word.casefold(): result for word, result in pairs.items()} | dict(pairs)
