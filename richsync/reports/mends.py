"""How a group of findings is mended, in the export's own terms where the table can only give an example."""

import re
from collections.abc import Mapping

from richsync.checks import CHECKS
from richsync.findings import Group
from richsync.jsontext import pretty

EXAMPLES: Mapping[str, str] = {
    "RS104": "cp1252",
    "RS406": '"n/a"',
    "RS501": '"n/a"',
    "RS502": '"1.234,56"` or `"1,234.56"',
    "RS503": '"$1,234.56"',
    "RS506": '"%d.%m.%Y %H:%M"',
    "RS508": '"%d/%m/%Y"',
}
"""What of a mend stands for the export's own: the commonest value, or what the first finding is like."""

_OF_VALUES = frozenset({"RS406", "RS501"})
"""What may mean nothing: the value itself is what the map has to say."""

_LIKE = r"it (?:is like|is probably|fits) (.+?)(?: (?:and|or) .+)?\Z"
_LONGEST = 40


def mend(group: Group, *, readable: bool) -> str:
    """The table's mend, its example replaced by what would mend this group; by a value only if `readable`."""
    text, example = CHECKS[group.problem.code].mend, EXAMPLES.get(group.problem.code)
    if example is None:
        return text
    like = re.search(_LIKE, group.problem.note)
    own = like[1] if like else _commonest(group) if readable else ""
    own = pretty(own) if own and example.startswith('"') else own
    return text.replace(example, own) if own else text


def _commonest(group: Group) -> str:
    """The value that is found most often, if it is what the mend asks for, and nobody's address."""
    found = group.values.counts.most_common(1) if group.problem.code in _OF_VALUES else []
    return found[0][0] if found and len(found[0][0]) <= _LONGEST and "@" not in found[0][0] else ""
