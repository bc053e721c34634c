"""`checks:`, what is made of findings: which are ignored, and which weigh more than the table says."""

from richsync.checks import NAMES, Check, Severity, Weights, named
from richsync.fieldmaps.document import Node, Scalar, Table
from richsync.fieldmaps.mistakes import Mistakes, one_of
from richsync.fieldmaps.nearest import nearest

WORDS = {
    "ignore": "findings that are not told, `[RS901]`, by code or by name; errors cannot be ignored",
    "severity": "what findings weigh, `{RS505: error}`: `error`, `warning` or `info`; errors stay errors",
}


def weights(node: Node, mistakes: Mistakes) -> Weights:
    """What the map makes of findings; what it cannot is said."""
    told = mistakes.members(node, WORDS, "checks:")
    ignored = [_check(each, mistakes) for each in mistakes.words(told["ignore"])] if "ignore" in told else []
    given = dict(_given(told["severity"], mistakes)) if "severity" in told else {}
    return Weights(frozenset(each.code for each in ignored if each), given)


def _given(node: Node, mistakes: Mistakes) -> list[tuple[str, Severity]]:
    if not isinstance(node, Table):
        mistakes.say(node, "severity: is a list of `code: severity` lines")
        return []
    found = []
    for key, value in node.pairs:
        check = _check(key, mistakes)
        word = value.text if isinstance(value, Scalar) else ""
        if word not in list(Severity):
            mistakes.say(value, f"{word!r} is not a severity", one_of(Severity))
        elif check:
            found.append((check.code, Severity(word)))
    return found


def _check(word: Scalar, mistakes: Mistakes) -> Check | None:
    """The finding that is named, if it is one whose weight can be changed."""
    check = named(word.text)
    if check is None:
        known = nearest(word.text, NAMES) or "they are listed by `richsync rule`"
        mistakes.say(word, f"there is no finding {word.text!r}", known)
    elif check.severity is Severity.ERROR:
        mistakes.say(word, f"{check.code} {check.name} is an error: such an order cannot be sent", check.mend)
        return None
    return check
