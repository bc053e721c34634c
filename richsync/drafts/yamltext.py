"""Names as YAML that a map is written in, whatever stands in them."""

import re
from collections.abc import Iterable

from richsync.fieldmaps.unfolding import HOLE, PLACE

_PLAIN = re.compile(r"[^\W\d_][\w /().-]*(?<! )")
_WORDS = frozenset({"todo", "yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_BMP = 0xFFFF


def quoted(text: str) -> str:
    """A text as a scalar of YAML: plain where it can be, else in double quotes with escapes."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else in_quotes(text)


def in_quotes(text: str) -> str:
    """A text in double quotes; what cannot be seen is escaped, and a hole is where a number stands."""
    return f'"{"".join(map(_escaped, text)).replace(HOLE, PLACE)}"'


def source(column: str) -> str:
    """A column, or a block of numbered ones, as the source of a field."""
    odd = column.startswith("=") or "{" in column or "}" in column or column == "TODO"
    return f"{{column: {quoted(column)}}}" if odd else quoted(column)


def slot(column: str) -> str:
    """A column in braces; "" for one that cannot stand there."""
    return "" if set(column) & set("{}|") else f"{{{column}}}"


def listed(texts: Iterable[str]) -> str:
    """A list on one line; `texts` are YAML already."""
    return f"[{', '.join(texts)}]"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable() or character == HOLE:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= _BMP else f"\\U{code:08x}"
