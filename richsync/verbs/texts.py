"""Verbs of texts."""

import re
from collections.abc import Callable

from richsync.patterns import Match, Pattern
from richsync.values import Bad, text
from richsync.verbs.verb import Arguments, Context, Example, Step, Verb, each, plain

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019]s\b)?")
_NO_DIGIT = re.compile(r"[^0-9]+")
_GROUP = re.compile(r"\\(\d)")
_SHORTEST = len("/x/")


def pattern_in(written: str) -> Pattern | None:
    """The pattern that stands between slashes; None for a plain text.

    Raises:
        ValueError: it is no pattern.
    """
    is_pattern = len(written) >= _SHORTEST and written[0] == written[-1] == "/"
    return Pattern(written[1:-1]) if is_pattern else None


def _title(written: str) -> str:
    return _WORD.sub(lambda word: word[0].capitalize(), written)


def _strip(arguments: Arguments, _context: Context) -> Step:
    return each(lambda written: written.strip(arguments.words[0]).strip())


def _replace(arguments: Arguments, _context: Context) -> Step:
    old, new = arguments.words
    if not old:
        raise ValueError("nothing to look for")
    pattern = pattern_in(old)
    if pattern is None:
        return each(lambda written: written.replace(old, new).strip())
    put = _put(new, pattern)

    def change(written: str) -> str | Bad:
        found = pattern.replace(written, put)
        return found if isinstance(found, Bad) else found.strip()

    return each(change)


def _put(new: str, pattern: Pattern) -> Callable[[Match], str]:
    r"""What stands in a match's place: the text, with `\1` for the pattern's first group."""
    parts = _GROUP.split(new)
    numbers = [int(part) for part in parts[1::2]]
    if any(not 1 <= number <= pattern.groups for number in numbers):
        raise ValueError(f"{new!r} names a group that the pattern does not have")

    def put(found: Match) -> str:
        groups = [found.groups[number - 1] for number in numbers]
        return parts[0] + "".join(map("".join, zip(groups, parts[2::2], strict=True)))

    return put


def _pattern(arguments: Arguments, _context: Context) -> Step:
    pattern = Pattern(arguments.words[0])

    def change(written: str) -> object:
        found = pattern.search(written)
        if found is None or isinstance(found, Bad):
            return found or ""
        if found.named:
            return found.named
        return (found.groups[0] if found.groups else found.whole).strip()

    return each(change)


def _split(arguments: Arguments, _context: Context) -> Step:
    separator = arguments.words[0]
    if not separator:
        raise ValueError("the separator is empty")
    pattern = pattern_in(separator)
    cut = pattern.split if pattern else lambda written: written.split(separator)

    def run(value: object, _row: object) -> object:
        found = text(value)
        parts = found if isinstance(found, Bad) else cut(found)
        return parts if isinstance(parts, Bad) else [part.strip() for part in parts if part.strip()]

    return run


def _first_name(written: str) -> str:
    return " ".join(written.split()[:-1]) or written


def _unescaped(written: str) -> str:
    from html import unescape

    return unescape(written).strip()


def _last_name(written: str) -> str:
    words = written.split()
    return words[-1] if len(words) > 1 else ""


TEXTS = (
    Verb("lower", "lower case", plain(str.lower), Example("PAID", "paid")),
    Verb("upper", "upper case", plain(str.upper), Example("eur", "EUR")),
    Verb("title", "each word with a capital letter", plain(_title), Example("ANNA O'NEILL", "Anna O'Neill")),
    Verb("strip", "take these characters off both ends", _strip, Example("#1001", "1001", ("#",)), 1, 1),
    Verb(
        "replace",
        r"replace a text, or a pattern between slashes, by another, everywhere; `\1` is its first group",
        _replace,
        Example("wc-paid", "paid", ("/^wc-/", "")),
        2,
        2,
    ),
    Verb(
        "pattern",
        "what a pattern finds: its first group, or all of it; named groups give members by name",
        _pattern,
        Example("Total: 250 AED", "AED", ("[A-Z]{3}",)),
        1,
        1,
    ),
    Verb(
        "split",
        "cut into a list at a separator, a text or a pattern between slashes",
        _split,
        Example("A, B", ["A", "B"], (",",)),
        1,
        1,
    ),
    Verb(
        "first_name",
        "all of a name but its last word",
        plain(_first_name),
        Example("Anna M. Berg", "Anna M."),
    ),
    Verb(
        "last_name", "a name's last word, of two or more", plain(_last_name), Example("Anna M. Berg", "Berg")
    ),
    Verb(
        "digits",
        "only its digits",
        plain(lambda written: _NO_DIGIT.sub("", written)),
        Example("No. 12-3", "123"),
    ),
    Verb(
        "html_unescape",
        "HTML's entities as characters",
        plain(_unescaped),
        Example("Tea &amp; Co", "Tea & Co"),
    ),
)
