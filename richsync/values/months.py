"""The names of the months in the languages of exports, whole and as they are shortened."""

import unicodedata
from functools import cache

_LANGUAGES = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
januar februar mars april mai juni juli august september oktober november desember
"""
_OTHERS = {"mrt": 3, "jän": 1, "jänner": 1}
_SHORTEST = 3


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each)).rstrip(".")


@cache
def _months() -> dict[str, int]:
    """Every name, and of each its first letters, 3 or more, where they mean one month only."""
    numbers: dict[str, set[int]] = {}
    for language in _LANGUAGES.strip().splitlines():
        for number, name in enumerate(map(_plain, language.split()), 1):
            for length in range(min(_SHORTEST, len(name)), len(name) + 1):
                numbers.setdefault(name[:length], set()).add(number)
    others = {_plain(name): number for name, number in _OTHERS.items()}
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1} | others


def month(name: str) -> int | None:
    """The month's number; accents, case and a dot at the end do not matter."""
    months = _months()
    found = months.get(name)
    return months.get(_plain(name)) if found is None else found
