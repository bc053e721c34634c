"""The table of findings: what can be wrong with an export, a map or an order, and how it is mended.

Codes are never reused. An error means that the order cannot be sent right; a warning that it would be sent,
probably wrong; a note is a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from richsync.model import Problem


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of finding.

    `says` is the message with `{field}`, `{column}` and `{note}` to be filled in; `mend` what to do about
    it. `whole` marks faults of the file as a whole: nothing after them can be trusted, nothing is sent.
    """

    code: str
    name: str
    severity: Severity
    says: str
    mend: str
    whole: bool = False


E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - the letters of the table

_TABLE = (
    Check("RS102", "empty-file", E, "the file holds nothing", "export it again", whole=True),
    Check("RS103", "no-records", E, "there is a header and no order below it", "export it again", whole=True),
    Check(
        "RS104",
        "invalid-encoding",
        E,
        "{note}",
        "say how the file is written, `encoding: cp1252` under `export:` in the map, or save it as UTF-8",
        whole=True,
    ),
    Check(
        "RS105",
        "encoding-guessed",
        W,
        "{note}",
        "look at names with accents in `richsync preview`; if they are right, say so: `encoding: cp1252` "
        "under `export:` in the map",
    ),
    Check("RS106", "not-a-text-export", E, "{note}", "export the orders as CSV or JSONL", whole=True),
    Check(
        "RS107",
        "truncated-archive",
        E,
        "the archive ends too early: {note}",
        "copy or download the file again",
        whole=True,
    ),
    Check(
        "RS108",
        "control-character",
        E,
        "{column} holds a control character ({note})",
        "clean the cell in the shop, or leave the column out of the map",
    ),
    Check(
        "RS201",
        "wrong-delimiter",
        E,
        "{note}",
        "leave `delimiter:` out of the map, and it is found by looking",
        whole=True,
    ),
    Check(
        "RS202",
        "row-too-long",
        E,
        "the row has {note}",
        "a value holds the delimiter or a quote unquoted: quote it, or export the file again",
    ),
    Check(
        "RS203",
        "row-too-short",
        E,
        "the row has {note}",
        "the row was cut or a line break in a cell is unquoted: mend it, or export the file again",
    ),
    Check(
        "RS204",
        "unclosed-quote",
        E,
        "{note}",
        "close the quote, or double it if it belongs to the text",
        whole=True,
    ),
    Check(
        "RS205",
        "stray-quote",
        E,
        "a quoted cell goes on after its closing quote",
        'double a quote that belongs to the text: "19"" rack"',
    ),
    Check("RS207", "blank-row", I, "the line is blank", "nothing: it is passed over"),
    Check(
        "RS211",
        "repeated-header",
        E,
        "the header stands here again: two exports in one file",
        "check that none was cut, then delete the line",
    ),
    Check("RS212", "summary-row", W, "words where an order should be", "nothing, if it is a title or a sum"),
    Check("RS220", "bad-json-line", E, "the line is not JSON: {note}", "export the file again"),
    Check("RS221", "not-an-object", E, "{note}", "write one JSON object, one order, a line"),
    Check("RS222", "duplicate-key", E, "{note}", "keep one of the two, it is not known which is right"),
    Check(
        "RS223", "broken-structure", E, "{note}", "export it again, or write one object a line", whole=True
    ),
    Check("RS301", "bad-map", E, "{note}", "mend the map"),
    Check("RS302", "unknown-target", E, "{note}", "use a name of Richpanel's order event, or `custom:`"),
    Check("RS303", "column-not-found", E, "{note}", "check the name, and where it stands"),
    Check("RS304", "column-name-differs", W, "{note}", "write the name as the header has it"),
    Check("RS305", "required-target-unmapped", E, "{note}", "map it"),
    Check("RS306", "target-mapped-twice", E, "{note}", "keep one"),
    Check("RS307", "unused-column", I, "{note}", "nothing, if they are not wanted in Richpanel"),
    Check("RS308", "bad-transform", E, "{note}", "mend the map"),
    Check(
        "RS309",
        "unmapped-value",
        W,
        "{column} has values that the lookup for {field} does not list",
        "add them to the lookup, or say `otherwise: keep`",
    ),
    Check(
        "RS310",
        "bad-embedded-json",
        E,
        "{column} holds {note}, where {field} is wanted",
        "of an object name a member, `billing.city`, `emails[0]`, `coupons[].code`; where a text does not "
        "fit, correct the pattern or the cell",
    ),
    Check(
        "RS401",
        "missing-required",
        E,
        "{field} is empty",
        "fill it in, map it with a `default:`, or leave it out by `where:`",
    ),
    Check(
        "RS402",
        "no-items",
        E,
        "the order has no items",
        "Richpanel needs at least one: check what `items:` maps, or leave such orders out by `where:`",
    ),
    Check(
        "RS403",
        "no-customer",
        E,
        "the order has neither uid nor e-mail",
        'map `uid: {first_of: [<e-mail>, <phone>, "guest-{<order number>}"]}` under `customer:`',
    ),
    Check(
        "RS404",
        "no-date",
        E,
        "createdAt is empty",
        "without it an old order can appear as the customer's latest: fill it in",
    ),
    Check("RS407", "empty-fulfillment", E, "of several fulfillments one has no items", "map `items:` in it"),
    Check(
        "RS501",
        "not-a-number",
        E,
        "{field} is not a number{note}",
        'correct the cell; or say `numbers:`, or `empty: ["n/a"]` if it means nothing, under `export:`',
    ),
    Check(
        "RS502",
        "locale-number",
        E,
        "{field} is written in another way than declared{note}",
        'say how the export writes numbers, `numbers: "1.234,56"` under `export:`; several ways in a list',
    ),
    Check(
        "RS503",
        "money-with-symbol",
        E,
        "{field} holds more than the number{note}",
        'show it in the example, `numbers: "$1,234.56"` under `export:`, or correct the cell',
    ),
    Check(
        "RS504",
        "not-a-positive-integer",
        E,
        "{field} is not a whole number of 1 or more",
        "correct the cell; leave out lines that were cancelled",
    ),
    Check(
        "RS506",
        "bad-date",
        E,
        "{field} is not a date as declared{note}",
        'say how the export writes dates, `dates: "%d.%m.%Y %H:%M"` under `export:`; '
        "day and month are never guessed",
    ),
    Check("RS507", "impossible-date", E, "{field} is a day that does not exist", "correct the cell"),
    Check(
        "RS509",
        "no-time-zone",
        W,
        "dates carry no time zone and the map names none: read as UTC",
        "say `timezone: Europe/Berlin`, or `timezone: UTC`, under `export:`",
    ),
    Check("RS511", "bad-email", W, "{field} is not an e-mail address", "correct the cell, or clear it"),
    Check(
        "RS512",
        "scientific-notation",
        E,
        "{field} was turned into a number by a spreadsheet, digits are lost",
        "export again and do not open the file in a spreadsheet, or format the column as text first",
    ),
    Check(
        "RS513",
        "spreadsheet-error",
        E,
        "{column} holds a spreadsheet's error",
        "mend the formula and export again",
    ),
    Check(
        "RS518", "bad-boolean", E, "{field} is neither true nor false", "say the words, `boolean: [SIM, NÃO]`"
    ),
    Check(
        "RS521",
        "float-shaped-id",
        E,
        "{field} was turned into a decimal number",
        "export again with the ids as text: 1001 and 1001.0 would be two orders",
    ),
    Check(
        "RS522",
        "clock-change",
        I,
        "{field} falls into a change of the clock: the time {note}",
        "nothing; an offset in the export, or times in UTC, would settle it",
    ),
    Check(
        "RS701",
        "duplicate-order",
        W,
        "the order stands here again, in the same form ({note})",
        "nothing: the later one is skipped",
    ),
    Check(
        "RS702",
        "conflicting-order",
        E,
        "one order id, several orders ({note})",
        "keep the right one, or say under `export:` which counts, `repeats: newest`; "
        "if the rows are lines of one order, say `group: <column>`",
    ),
    Check(
        "RS703",
        "scattered-order",
        E,
        "rows of one order are not next to each other ({note})",
        "say `scattered: true` under `export:`, or sort the export by the order id",
    ),
    Check(
        "RS704",
        "order-lines-disagree",
        W,
        "{field} differs between the rows of one order: the first row's is taken",
        "check which is right; rows of two customers are not one order: tell them apart with `group:`",
    ),
    Check(
        "RS706",
        "order-id-changed",
        E,
        "the order was accepted under another id ({note}): sending it again would double the history",
        "restore `orderId:` in the map; only if the new ids are meant, say --new-ids",
    ),
    Check(
        "RS711",
        "rows-without-order",
        W,
        "rows of {column} match no order of the export ({note})",
        "check `match:` in the map, or that both files are of the same orders",
    ),
    Check(
        "RS712",
        "orphan-record",
        E,
        "the record belongs to one that is not there ({note})",
        "export it again: what it is a part of was cut away or filtered out",
    ),
    Check(
        "RS801",
        "event-too-large",
        W,
        "the event is larger than 256 KB",
        "map fewer columns: Richpanel may drop it silently",
    ),
)

CHECKS: Mapping[str, Check] = {check.code: check for check in _TABLE}


def severity_of(problem: Problem) -> Severity:
    """The problem's own severity where it has one, else the table's."""
    return Severity(problem.severity) if problem.severity else CHECKS[problem.code].severity
