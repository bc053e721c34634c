"""Text, ids, e-mail addresses, phones and words that mean true or false."""

import re
from collections.abc import Callable, Iterable, Sequence

from richsync.jsontext import SAFE_INTEGER, Digits
from richsync.values.bad import NOT_ONE, SPREADSHEET_ERRORS, Bad, bad
from richsync.values.numbers import plain_number
from richsync.values.wrappers import Moment, unwrapped

_EMAIL_WORD = r"[^@\s,;<>()\".]"
_EMAIL = re.compile(rf"[^@\s,;<>()\"]++@(?:{_EMAIL_WORD}++\.)++{_EMAIL_WORD}{{2,}}+")
_PHONE = re.compile(r"(?=[+(0])\+?[\d ()./-]{7,}", re.ASCII)
_NO_DIALLED = re.compile(r"[^+0-9]")
_FEWEST_DIALLED = 7
_DEEPEST = 100
_NOTHING = frozenset({"null", "(null)", "none", "nil", "nan", "n/a", "undefined", "-", "--", "\\n"})
# What few exports need is compiled when it is, and kept by `re`.
_INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_SPACES = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
_ESCAPED = r"\\(?:u([0-9A-Fa-f]{4})|[bf])"
_BACKSPACE = "8"
_LINE_END = re.compile(r"\r+\n")
_GUARD = re.compile(r"'(?=[\d+@-]|=(?!\"))")
_FORMULA_GUARD = r"""(?s)="(?!\s*(?:'[\d+=@-]|="))(.*)\""""
_GUARDS = ("'", "=")
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+")
_LONG = len(str(SAFE_INTEGER))
_FLOAT_SHAPED = re.compile(r"\d+\.0+")

_TRUE = ("true", "yes", "y", "1", "on", "ja", "oui", "sí", "si", "sim", "vero", "wahr", "vrai", "x", "✓")
_FALSE = (
    "false",
    "no",
    "n",
    "0",
    "off",
    "nein",
    "nej",
    "nee",
    "nei",
    "non",
    "não",
    "nao",
    "falso",
    "falsch",
    "faux",
)


def tidy(text: str) -> str:
    """Trim text, and take out what cannot be seen: direction marks, odd spaces, spreadsheet guards."""
    if not text.isprintable():
        text = _visible(text)
    text = text.strip()
    if text[:1] not in _GUARDS:
        return text
    guarded = re.fullmatch(_FORMULA_GUARD, text)
    if guarded:
        return guarded.group(1).strip()
    return text[1:] if _GUARD.match(text) else text


def _visible(text: str) -> str:
    return _LINE_END.sub("\n", re.sub(_SPACES, " ", re.sub(_INVISIBLE, "", text)))


def control_character(text: str) -> str:
    """The first character that may not be sent, as `U+0000`; "" when there is none."""
    found = re.search(_CONTROL, text)
    return f"U+{ord(found.group()):04X}" if found else ""


def may_hide(written: str) -> bool:
    """Whether JSON may hold a character that may not be sent: a look at its text saves one at each value."""
    if not written.isprintable():
        return True
    return "\\" in written and any(
        control_character(chr(int(code or _BACKSPACE, 16))) for code in re.findall(_ESCAPED, written)
    )


def bad_characters(value: object) -> str:
    """The first character anywhere in a JSON value that may not be sent, as `U+0000`."""
    left = [value]
    while left:
        match left.pop():
            case str() as found if not found.isprintable() and (bad := control_character(found)):
                return bad
            case dict() as members:
                left += [*reversed(members.values()), *reversed(members)]
            case list() as members:
                left += reversed(members)
    return ""


def is_email(text: str) -> bool:
    """Whether it has the form of one e-mail address, without a display name."""
    return _EMAIL.fullmatch(text) is not None


def uid_of(text: str) -> str:
    """The uid a person gets: an e-mail trimmed and lower-cased, a phone as + and digits, else as it is."""
    text = text.strip()
    if "@" in text:
        return text.lower()
    dialled = _NO_DIALLED.sub("", text) if _PHONE.fullmatch(text) else ""
    return dialled if len(dialled) >= _FEWEST_DIALLED else text


def text(value: object) -> str | Bad:
    """Text, from a JSON scalar its own digits; objects and lists are no text."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value)
    if isinstance(value, Bad):
        return value
    return text(inner) if (inner := unwrapped(value)) is not value else NOT_ONE


def anything(value: object) -> object:
    """A custom value as it stands, without its empty members; numbers keep their digits."""
    return Bad("RS310", "lists in lists, too many levels deep") if _is_deep(value) else _whole(value)


def _is_deep(value: object) -> bool:
    """Whether it has more levels than JSON can be written with."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [member for each in level for member in _members(each) if isinstance(member, dict | list)]
        if not level:
            return False
    return True


def _members(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _whole(value: object) -> object:
    match value:
        case Digits():
            number = plain_number(value)
            return str(value) if isinstance(number, Bad) else number
        case dict() if (inner := unwrapped(value)) is not value:
            return _whole(inner)
        case dict():
            members = {name: _whole(member) for name, member in value.items()}
            return {name: member for name, member in members.items() if not is_empty(member)}
        case list():
            return [member for member in map(_whole, value) if not is_empty(member)]
        case Moment():
            return int(value)
        case _:
            return value


def is_empty(value: object) -> bool:
    """Whether there is nothing to send, or nothing but white space; 0 and false are something."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, list | dict) and not value)


def texts(value: object) -> list[str] | Bad:
    """A list of text; one text is a list of one, and empty ones are left out."""
    found = []
    for each in value if isinstance(value, list) else [value]:
        member = "" if is_empty(each) else text(each)
        if isinstance(member, Bad):
            return member
        if member := tidy(member):
            found.append(member)
    return found


def identifier(value: object) -> str | Bad:
    """An id, as text with its zeros; one that a spreadsheet wrote as `1.23457E+12` has lost digits."""
    if type(value) is str and "+" not in value and "#" not in value:
        return value
    found = text(value)
    if isinstance(found, Bad):
        return found
    if "+" in found and _SCIENTIFIC.fullmatch(found):
        return Bad("RS512")
    if (
        isinstance(value, int | Digits)
        and len(found) >= _LONG
        and found.isdigit()
        and int(found) > SAFE_INTEGER
    ):
        return Bad("RS519", value=str(found))
    return Bad("RS513") if found in SPREADSHEET_ERRORS else found


def key(value: object) -> str | Bad:
    """An order's id: `1001.0` is refused, because 1001 and 1001.0 would be two orders.

    A word for nothing, which letters alone may be, would be one order of many.
    """
    if type(value) is str and value.isalnum() and not value.isalpha():
        return value
    found = identifier(value)
    if type(found) is str and "." in found and _FLOAT_SHAPED.fullmatch(found):
        return Bad("RS521")
    return Bad("RS401", " (a word that means nothing)") if _is_nothing(value, found) else found


def uid(value: object) -> str | Bad:
    """The uid of a customer, `uid_of` its text; a word for nothing would be one customer of many."""
    if type(value) is str and "@" in value:
        return uid_of(value)
    found = identifier(value)
    if isinstance(found, Bad):
        return found
    return Bad("RS403") if _is_nothing(value, found) else uid_of(found)


def _is_nothing(value: object, read: str | Bad) -> bool:
    """Whether what should be an id is a word for nothing, or JSON's true or false."""
    return isinstance(value, bool) or (isinstance(read, str) and read.lower() in _NOTHING)


def boolean_reader(
    true: Sequence[str] = _TRUE, false: Sequence[str] = _FALSE
) -> Callable[[object], bool | Bad]:
    """Read true and false by their words, without regard to case; JSON's own are taken as they are."""
    words = {word.casefold(): False for word in false} | {word.casefold(): True for word in true}

    def read(value: object) -> bool | Bad:
        if isinstance(value, bool):
            return value
        found = words.get(str(value).casefold())
        return bad("RS518", value) if found is None else found

    return read
