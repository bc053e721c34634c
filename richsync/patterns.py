"""Patterns from a field map, under guard: the only door to regular expressions that we did not write.

A pattern that backtracks without end is stopped, and after a few times not asked again: the cells it was
meant for are findings (RS308), never a run that hangs.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from richsync.values import Bad

if TYPE_CHECKING:
    import regex

_SECONDS = 1.0
_PATIENCE = 3
_LONGEST = 1000

T = TypeVar("T")


class Match(NamedTuple):
    """What a pattern found: the whole text, its groups in order, the named ones by name ("" for none)."""

    whole: str
    groups: tuple[str, ...]
    named: dict[str, str]


class Pattern:
    """A regular expression; every method gives RS308 when it has to be stopped.

    Raises:
        ValueError: it is not one; the message says where it breaks.
    """

    def __init__(self, written: str) -> None:
        if not 0 < len(written) <= _LONGEST:
            raise ValueError(f"a pattern has 1 to {_LONGEST} characters")
        import regex

        try:
            self._compiled = regex.compile(written)
        except (regex.error, ValueError, OverflowError, RecursionError) as error:
            raise ValueError(f"{written!r} is not a pattern: {error}") from None
        self.written = written
        self.groups: int = self._compiled.groups
        self.names = tuple(self._compiled.groupindex)
        self._stopped = 0

    def search(self, text: str) -> Match | Bad | None:
        """The first place where it fits, if any."""
        return self._guarded(lambda: _or_none(self._compiled.search(text, timeout=_SECONDS)))

    def whole(self, text: str) -> Match | Bad | None:
        """The text, if the pattern fits all of it."""
        return self._guarded(lambda: _or_none(self._compiled.fullmatch(text, timeout=_SECONDS)))

    def split(self, text: str) -> list[str] | Bad:
        """The parts between the places where it fits; its groups are not among them."""

        def cut() -> list[str]:
            spans = [found.span() for found in self._compiled.finditer(text, timeout=_SECONDS)]
            starts = [0, *(end for _, end in spans)]
            ends = [*(start for start, _ in spans), len(text)]
            return [text[start:end] for start, end in zip(starts, ends, strict=True)]

        return self._guarded(cut)

    def replace(self, text: str, put: Callable[[Match], str]) -> str | Bad:
        """The text with something else wherever the pattern fits."""
        return self._guarded(
            lambda: self._compiled.sub(lambda each: put(_match(each)), text, timeout=_SECONDS)
        )

    def _guarded(self, work: Callable[[], T]) -> T | Bad:
        if self._stopped < _PATIENCE:
            try:
                return work()
            except TimeoutError:
                self._stopped += 1
        return Bad("RS308", f"the pattern {self.written!r} takes without end: it was stopped")


def _match(found: "regex.Match[str]") -> Match:
    return Match(found.group(), found.groups(""), found.groupdict(""))


def _or_none(found: "regex.Match[str] | None") -> Match | None:
    return _match(found) if found else None
