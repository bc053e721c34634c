"""Text for people: what comes from outside made harmless in every language it is put in, and what is counted.

What comes from an export or a receiver is shown and never obeyed.
"""

import re

_COMMAND = re.compile(r"##(?=\[|vso\[)")
"""How a line can tell a CI runner what to do from within: GitHub's former `##[group]`, Azure's `##vso[…]`."""

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
_CELL = str.maketrans(_HTML | {mark: f"&#{ord(mark)};" for mark in "|\\`*_["})

_SEVERAL_DAYS = 48
_YEAR = 365 * 24 * 3600


def printable(text: str) -> str:
    """For terminals and logs: control characters and other tricks as escapes; line ends stay."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() or each == "\n" else _escaped(each) for each in text)
    return _COMMAND.sub(r"#\\x23", text)


def one_line(text: str) -> str:
    """The same on one line."""
    return printable(text).replace("\n", "\\n")


def github(text: str, *, is_property: bool = False) -> str:
    """For a workflow command of GitHub: the data after its `::`, or one of its properties."""
    shown = printable(text).replace("%", "%25").replace("\n", "%0A")
    return shown.replace(":", "%3A").replace(",", "%2C") if is_property else shown


def markdown(text: str) -> str:
    """For a cell of a table in GitHub's Markdown."""
    return one_line(text).translate(_CELL)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", errors="backslashreplace").decode()


def cut(text: str, longest: int = 80) -> str:
    """A text as long as it fits into a line among others."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def counted(number: int, noun: str) -> str:
    """`1 order`, `12,345 orders`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """`3 s`, `5 min 3 s`, `2 h 5 min`, `3 days 4 h`; what nobody waits for is `more than a year`."""
    if seconds > _YEAR:
        return "more than a year"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= _SEVERAL_DAYS:
        return f"{hours // 24} days {hours % 24} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
