"""A column's name to what it means: cut into words, each word to a concept of the tables in `languages`.

Words that run together (`Bestelldatum`, `注文番号`, `customeremail`) are cut where every piece is a word; a
name with a word that no table has means nothing, so that no name is taken for a part of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import islice, product
from typing import NamedTuple, TypeAlias

from richsync.drafts.currencies import CODES
from richsync.drafts.languages import LANGUAGES

Concepts: TypeAlias = frozenset[str]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+")
_CURRENCY = re.compile(rf"\s\((?:{'|'.join(sorted(CODES))}|[€$£¥])\)")
_SECOND = re.compile(r"#\d+$")
_ARTICLE = "ال"
_LINKS = frozenset({"s", "es", "n", "の", "ご", "お"})
"""What stands between the parts of a word, `Auftragsnummer`."""

_SMALL = "small: "
_OTHER = "other"
_FEWEST_LATIN = 3
_SHORT = frozenset({"id", "no", "nr"})
_FEWEST_MISSPELT = 5
_NEAR = 0.86
_MISSED = 2
_MOST_READINGS = 16


class Meaning(NamedTuple):
    """What a name may mean, each as the concepts in it.

    `near`: a word is only like one we know, or passed over. `is_implied`: the scope is that of its list.
    `is_minor`: it says that it holds cents.
    """

    readings: tuple[Concepts, ...] = ()
    near: bool = False
    is_implied: bool = False
    is_minor: bool = False


def plain(text: str) -> str:
    """Text without case and accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each) and each != "ـ")


def words(name: str) -> tuple[str, ...]:
    """The words of a name, `billing.firstName` → billing, first, name; without a code of a currency."""
    spaced = _CAMEL.sub(" ", _CURRENCY.sub("", _SECOND.sub("", name)).replace("#", " number "))
    return tuple(_bare(each) for each in _WORD.findall(plain(spaced)))


def _bare(word: str) -> str:
    """An Arabic word without its article, which stands twice where a word begins like it."""
    while word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1:
        word = word.removeprefix(_ARTICLE)
    return word


Vocabulary: TypeAlias = Mapping[tuple[str, ...], tuple[str, ...]]
"""Each phrase, word by word, with the concepts that it may mean."""


@cache
def small_words() -> frozenset[str]:
    """Words that mean nothing by themselves, `of`."""
    lines = (line for language in LANGUAGES.values() for line in language.splitlines())
    said = (line.removeprefix(_SMALL).split(", ") for line in lines if line.startswith(_SMALL))
    return frozenset(plain(word) for each in said for word in each)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of one language."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in LANGUAGES[language].strip().splitlines():
        if line.startswith(_SMALL):
            continue
        concept, _, phrases = line.partition(": ")
        for phrase in phrases.split(", "):
            key = words(phrase)
            if concept != _OTHER:
                key = tuple(each for each in key if each not in small_words()) or key
            found[key] = (*found.get(key, ()), concept)
    return found


class Reader:
    """Reads the names of one export: words of its own language come first, then those of the others."""

    def __init__(self, names: Iterable[str]) -> None:
        held = [words(name) for name in names]
        self.language = max(LANGUAGES, key=lambda language: _known(held, vocabulary(language)))
        others = dict.fromkeys((self.language, "English", *LANGUAGES))
        self._all: dict[tuple[str, ...], tuple[str, ...]] = {}
        for language in others:
            for phrase, concepts in vocabulary(language).items():
                self._all.setdefault(phrase, concepts)
        self._longest = max(map(len, self._all))
        self._single = {phrase[0] for phrase in self._all if len(phrase) == 1}

    def meaning(self, name: str) -> Meaning:
        """What a name may mean."""
        found = self.of(words(name))
        return found if found.readings and not found.near else self.of(words(name.lower())) or found

    def of(self, held: Sequence[str]) -> Meaning:
        """What words may mean together; nothing when one of them is unknown."""
        small = tuple(each for each in held if each not in small_words()) or tuple(held)
        found = self._cut(tuple(held)) or self._cut(small)
        if found is not None:
            return Meaning(_readings(found), near=len(small) == len(held) and self._is_turned(found))
        likely = [self._spelt(each) for each in small]
        found = self._cut(likely) if likely != list(small) else None
        return Meaning(_readings(found), near=True) if found else Meaning()

    def _is_turned(self, found: Sequence[tuple[str, ...]]) -> bool:
        """Whether a name in English is what somebody calls something, `name_customer`, and nobody's name."""
        said = [concepts[0] for concepts in found]
        return self.language == "English" and said[:1] == ["name"] and said[-1:] == ["customer"]

    def concepts(self, name: str) -> frozenset[str]:
        """Those concepts in a name that are known, whatever else stands in it."""
        found: set[str] = set()
        held = list(words(name))
        while held:
            size = next((size for size in range(len(held), 0, -1) if self._cut(held[:size])), 0)
            found |= {concept for options in (self._cut(held[:size]) or ()) for concept in options[:1]}
            held = held[max(size, 1) :]
        return frozenset(found)

    def _spelt(self, word: str) -> str:
        """The word that a misspelt one is like."""
        if len(word) < _FEWEST_MISSPELT or self._parts(word):
            return word
        alike = [each for each in self._single if each[0] == word[0]]
        alike = [each for each in alike if abs(len(each) - len(word)) <= _MISSED]
        return next(iter(get_close_matches(word, alike, n=1, cutoff=_NEAR)), word)

    def _cut(self, held: Sequence[str]) -> list[tuple[str, ...]] | None:
        """The concepts of each phrase, the longest phrases first."""
        found: list[tuple[str, ...]] = []
        at = 0
        while at < len(held):
            for size in range(min(self._longest, len(held) - at), 0, -1):
                concepts = self._all.get(tuple(held[at : at + size]))
                if concepts:
                    found.append(concepts)
                    at += size
                    break
            else:
                parts = self._parts(held[at])
                if parts is None:
                    return None
                found += parts
                at += 1
        return found

    def _parts(self, word: str) -> list[tuple[str, ...]] | None:
        """One word, perhaps several that run together."""
        if word.isdigit():
            return [(word.lstrip("0") or "0",)]
        if concepts := self._all.get((word,)):
            return [concepts]
        return self._pieces(word)

    def _pieces(self, word: str) -> list[tuple[str, ...]] | None:
        """The fewest words that a word is made of, without a rest."""
        best: list[list[tuple[str, ...]] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(end):
                before, piece = best[start], word[start:end]
                if before is None:
                    continue
                concepts = self._all.get((piece,)) if self._may_be_piece(piece) else None
                step = [*before, concepts] if concepts else before if start and piece in _LINKS else None
                now = best[end]
                if step is not None and (now is None or len(step) < len(now)):
                    best[end] = step
        return best[-1] or None

    def _may_be_piece(self, piece: str) -> bool:
        return not piece.isascii() or len(piece) >= _FEWEST_LATIN or piece in _SHORT


def _known(held: Sequence[Sequence[str]], known: Vocabulary) -> int:
    return sum(
        tuple(name) in known or all((each,) in known or each in small_words() for each in name)
        for name in held
    )


def _readings(found: Sequence[tuple[str, ...]]) -> tuple[Concepts, ...]:
    every = islice(product(*found), _MOST_READINGS)
    return tuple(dict.fromkeys(frozenset(" ".join(each).split()) for each in every))
