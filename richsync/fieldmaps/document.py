"""A YAML file as text with places: every scalar as its author wrote it, no anchors, aliases or tags.

YAML's own types would turn a column called `no` into false, `0123` into 123 and `12:30` into 750.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from richsync.errors import BadMapError
from richsync.model import Mistake
from richsync.values import control_character

_HINTS = {
    "'\\t'": "indent with spaces, not with tabs",
    "cannot start any token": 'quote a text that begins so: `email: "@mail"`, `dates: "%d.%m.%Y"`',
    "mapping values are not allowed": 'quote a text that holds a colon and a space, `name: "Tea: green"`; '
    "or the line is indented otherwise than its neighbours",
    "expected <block end>": 'quote a text that begins with a brace, bracket or quote: `name: "{A} {B}"`; '
    "or the line is indented otherwise than its neighbours",
    "unexpected end of stream": "the quote that opens here is not closed",
    "unknown escape": r"put a pattern in single quotes: `pattern: '\d+'`",
}
"""What the parser says of a mistake that is often made, and how it is mended."""

_DEEPEST = 30
_LARGEST = 256 * 1024


class Scalar(NamedTuple):
    """Text at a place (line and column from 1)."""

    text: str
    line: int
    column: int


class Listing(NamedTuple):
    """A list of nodes."""

    items: "tuple[Node, ...]"
    line: int
    column: int


class Table(NamedTuple):
    """Named nodes, in the order of the file."""

    pairs: "tuple[tuple[Scalar, Node], ...]"
    line: int
    column: int


Node: TypeAlias = Scalar | Listing | Table


class _RefusedError(Exception):
    """What maps do not use, at its place."""

    def __init__(
        self, message: str, line: int = 1, column: int = 1, code: str = "RS301", help_text: str = ""
    ) -> None:
        super().__init__(message)
        self.mistake = Mistake(code, line, column, message, help_text)


def parse(text: str, name: str) -> Table:
    """Read one YAML document whose top is a mapping; `name` is the file's, for the error.

    Raises:
        BadMapError: it is not YAML, or uses what maps do not: the place is in its one mistake.
    """
    try:
        node = _parsed(text)
    except _RefusedError as refused:
        raise BadMapError([refused.mistake], name) from None
    if not isinstance(node, Table):
        message = "the file is empty" if node is None else "the file is not a list of `name: value` lines"
        raise BadMapError([Mistake("RS301", 1, 1, message, "start with `richsync: 1` and `order:`")], name)
    return node


def _parsed(text: str) -> Node | None:
    if len(text) > _LARGEST:
        raise _RefusedError("the file is larger than a map can be (256 KB)")
    try:
        return _document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        raise _not_yaml(error) from None
    except (YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise _RefusedError(f"not YAML: {str(error).splitlines()[0]}") from None


def _not_yaml(error: MarkedYAMLError) -> _RefusedError:
    """What the parser says, where what it stumbled over begins, and what is probably meant."""
    problem = str(error.problem or error.context)
    is_open = "end of stream" in problem
    mark = (error.context_mark if is_open else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    hint = next((hint for said, hint in _HINTS.items() if said in problem), "")
    return _RefusedError(f"not YAML: {problem}", line, column, help_text=hint)


def _document(events: Iterator[Event]) -> Node | None:
    documents = 0
    node: Node | None = None
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _RefusedError("a map is one document: remove the second `---`", *_place(event))
        elif isinstance(event, NodeEvent):
            node = _node(event, events, 0)
    return node if not isinstance(node, Scalar) or node.text else None


def _node(event: Event, events: Iterator[Event], depth: int) -> Node:
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise _RefusedError(
            "anchors and aliases (`&`, `*`) are not used in maps: write it out, or quote it", *_place(event)
        )
    if str(getattr(event, "tag", None)) not in ("!", "None"):
        raise _RefusedError("tags (`!…`) are not used in maps: quote the text", *_place(event))
    if depth > _DEEPEST:
        raise _RefusedError("nested too deeply", *_place(event))
    line, column = _place(event)
    match event:
        case ScalarEvent():
            return _scalar(str(event.value), line, column)
        case SequenceStartEvent():
            return Listing(tuple(_members(SequenceEndEvent, events, depth)), line, column)
        case _:
            return Table(tuple(_pairs(events, depth)), line, column)


def _scalar(text: str, line: int, column: int) -> Scalar:
    if found := control_character(text):
        raise _RefusedError(f"a control character ({found}) stands in the text", line, column)
    return Scalar(text, line, column)


def _members(end: type[Event], events: Iterator[Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, end):
            return
        yield _node(event, events, depth + 1)


def _pairs(events: Iterator[Event], depth: int) -> Iterator[tuple[Scalar, Node]]:
    seen: dict[str, int] = {}
    members = _members(MappingEndEvent, events, depth)
    for key in members:
        if not isinstance(key, Scalar):
            raise _RefusedError("a name is needed before the colon", key.line, key.column)
        if key.text in seen:
            message = f"{key.text!r} stands twice (first on line {seen[key.text]})"
            raise _RefusedError(message, key.line, key.column, "RS306")
        seen[key.text] = key.line
        value = next(members)
        nothing = isinstance(value, Scalar) and value.line > key.line and not value.text
        yield key, Scalar("", key.line, key.column) if nothing else value


def _place(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
