"""A field map as a value: what its author said, before any export is seen."""

from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from richsync.checks import Weights
from richsync.model import Mistake, ReadAs
from richsync.schema import Field
from richsync.values import PLAIN_STYLE, NumberStyle
from richsync.verbs import Arguments, Lookup

if TYPE_CHECKING:
    from richsync.fieldmaps.layouts import Layout


class Column(NamedTuple):
    """A column by name, or a path into JSON; the place is where the map names it."""

    name: str
    line: int
    column: int


class Condition(NamedTuple):
    """A column and the texts that it may hold; `filled` and `empty` stand for any text and for none."""

    column: Column
    texts: frozenset[str]


class OtherFile(NamedTuple):
    """A file that an export is read together with, and how it is read.

    `match` are pairs of a column of it and the one here that holds the same.
    """

    column: Column
    match: tuple[tuple[Column, Column], ...]
    read_as: ReadAs = ReadAs()


class Join(NamedTuple):
    """The row of another file that a record, or a line of a list, brings: `$name.column` is a column of it.

    `where` says which rows of the file count.
    """

    name: Column
    file: OtherFile
    where: tuple[Condition, ...] = ()


class Slot(NamedTuple):
    """A column in braces. `otherwise` stands in when it is empty; without it the whole text is empty."""

    column: Column
    otherwise: str | None = None


class Text(NamedTuple):
    """Text with columns in braces."""

    parts: tuple[str | Slot, ...]


class Constant(NamedTuple):
    """The same text for every order."""

    text: str


Source: TypeAlias = Column | Text | Constant


class Action(NamedTuple):
    """A verb of a `do:` list with its arguments, at its place in the map."""

    verb: str
    arguments: Arguments
    line: int
    column: int


class Pipe(NamedTuple):
    """A source and what is done to it."""

    source: Source
    actions: tuple[Action, ...] = ()
    lookup: Lookup | None = None


class Mapped(NamedTuple):
    """A field of the event and where it comes from: the first pipe that gives something.

    `path` is the field's whole name, `items.price`. `aggregate` says what is made of the values of all rows
    of an order, or of all lines that stand `within` them. `derived` marks fields the map does not name.
    """

    path: str
    field: Field
    pipes: tuple[Pipe, ...]
    default: str | None = None
    line: int = 0
    column: int = 0
    derived: bool = False
    aggregate: str = ""
    within: "Lines | None" = None


class Block(NamedTuple):
    """The fields of one object: plain ones, objects in it, lists of objects in it, and custom ones."""

    fields: tuple[Mapped, ...] = ()
    objects: "tuple[tuple[Field, Block], ...]" = ()
    lists: "tuple[Lines, ...]" = ()
    custom: tuple[Mapped, ...] = ()

    def get(self, name: str) -> Mapped | None:
        """The mapping of a plain field."""
        return next((mapped for mapped in self.fields if mapped.field.name == name), None)

    @property
    def every(self) -> "tuple[Mapped, ...]":
        """All mapped fields in it, at any depth."""
        inner = [block for _, block in self.objects] + [lines.block for lines in self.lists]
        return (*self.fields, *self.custom, *(mapped for block in inner for mapped in block.every))


class Lines(NamedTuple):
    """A list of objects: one a row of the order, or where the layout finds them; `where` leaves some out.

    `joins` are the rows of other files that each of them brings.
    """

    field: Field
    block: Block
    layout: "Layout | None" = None
    where: tuple[Condition, ...] = ()
    joins: tuple[Join, ...] = ()


class ExportSettings(NamedTuple):
    """How the export writes things."""

    read_as: ReadAs = ReadAs()
    numbers: tuple[NumberStyle, ...] = (PLAIN_STYLE,)
    dates: tuple[str, ...] = ("iso",)
    zone: tzinfo | None = None
    empty: frozenset[str] = frozenset()
    group: tuple[Column, ...] = ()
    fill_down: tuple[Column, ...] = ()
    scattered: bool = False
    parent: Column | None = None
    repeats: str = "reject"
    where: tuple[Condition, ...] = ()
    joins: tuple[Join, ...] = ()


class FieldMap(NamedTuple):
    """A whole map. `derived` says in words what it does not name and richsync adds.

    With anything `undecided` (a `TODO`) it can be looked at, but not bound to an export. `sha256` is that of
    its file, in hex, if it has one.
    """

    name: str
    export: ExportSettings
    order: Block
    customer: Block
    checkpoint: str = ""
    derived: tuple[str, ...] = ()
    weights: Weights = Weights()
    undecided: tuple[Mistake, ...] = ()
    sha256: str = ""
