"""RS2: the rows and lines of a file."""

from richsync.checks.check import (
    ERROR,
    FIRST,
    GOOD,
    HEADER,
    INFO,
    LINE,
    SECOND,
    WARNING,
    Check,
    Example,
)

_SEMICOLONS = GOOD.replace(b",", b";")

STRUCTURE = (
    Check(
        "RS201",
        "wrong-delimiter",
        ERROR,
        "{note}",
        "Cut at the wrong character, every row is one cell, or cells that mean nothing.",
        "leave `delimiter:` out of the map, and it is found by looking",
        Example(_SEMICOLONS, _SEMICOLONS, "export: {delimiter: ','}", ""),
        whole=True,
    ),
    Check(
        "RS202",
        "row-too-long",
        ERROR,
        "the row has {note}",
        "From the cell on that has too much, every value stands in another column.",
        "a value holds the delimiter or a quote unquoted: quote it, or export the file again",
        Example(
            HEADER + FIRST.replace(b"Tea", b"Tea, green"), HEADER + FIRST.replace(b"Tea", b'"Tea, green"')
        ),
    ),
    Check(
        "RS203",
        "row-too-short",
        ERROR,
        "the row has {note}",
        "What is missing may be its end or something in the middle: then values stand in other columns.",
        "the row was cut or a line break in a cell is unquoted: mend it, or export the file again",
        Example(HEADER + FIRST + SECOND[:30] + b"\n", GOOD),
    ),
    Check(
        "RS204",
        "unclosed-quote",
        ERROR,
        "{note}",
        "Everything from there to the end of the file is one cell: orders that nobody would miss.",
        "close the quote, or double it if it belongs to the text",
        Example(
            HEADER + FIRST.replace(b"Tea", b'"Tea') + SECOND,
            HEADER + FIRST.replace(b"Tea", b'"Tea"') + SECOND,
        ),
        whole=True,
    ),
    Check(
        "RS205",
        "stray-quote",
        ERROR,
        "a quoted cell goes on after its closing quote",
        "Where the cell ends cannot be known, and what follows may stand in other columns.",
        'double a quote that belongs to the text: "19"" rack"',
        Example(
            HEADER + FIRST.replace(b"Tea", b'"19" rack"'), HEADER + FIRST.replace(b"Tea", b'"19"" rack"')
        ),
    ),
    Check(
        "RS206",
        "runaway-cell",
        WARNING,
        "a quoted cell goes on over several lines ({note})",
        "A quote that is closed too late swallows the rows between, and nobody would miss them.",
        "close the quote where the cell ends; if the lines belong to it, nothing",
        Example(
            HEADER + FIRST.replace(b"Tea", b'"Tea') + SECOND + SECOND.replace(b"Cup", b'Cup"'),
            HEADER + FIRST.replace(b"Tea", b'"Tea"') + SECOND,
        ),
    ),
    Check(
        "RS207",
        "blank-row",
        INFO,
        "the line is blank",
        "It is no order, and is counted as skipped.",
        "nothing: it is passed over",
        Example(HEADER + FIRST + b"\n" + SECOND, GOOD),
    ),
    Check(
        "RS208",
        "duplicate-header",
        ERROR,
        "{column} is the name of two columns with other values ({note})",
        "Which of the two is meant is never guessed.",
        "say `Name#1` for the first, `Name#2` for the second",
        Example(
            HEADER.replace(b"price", b"total")
            + FIRST.replace(b"Tea,9.50", b"Tea,4.75").replace(b",1,", b",2,"),
            HEADER.replace(b"price", b"total")
            + FIRST.replace(b"Tea,9.50", b"Tea,4.75").replace(b",1,", b",2,"),
            "order: {items: {name: product, price: total, quantity: qty}}",
            'order: {amount: "total#1", items: {name: product, price: "total#2", quantity: qty}}',
        ),
    ),
    Check(
        "RS210",
        "header-missing",
        ERROR,
        "{note}",
        "The first order would be lost, and its values taken for names.",
        "say the names under `export:`, `columns: [id, date, total]`, in the order of the file",
        Example(
            FIRST + SECOND,
            FIRST + SECOND,
            mended_map="export: {columns: [id, date, total, product, price, qty, email]}",
        ),
    ),
    Check(
        "RS211",
        "repeated-header",
        ERROR,
        "the header stands here again: two exports in one file",
        "Files that were put together by hand are the ones of which a part is missing or stands twice.",
        "check that none was cut, then delete the line",
        Example(HEADER + FIRST + HEADER + SECOND, GOOD),
    ),
    Check(
        "RS212",
        "summary-row",
        WARNING,
        "words or a sum where an order should be",
        "Reports end in titles and sums: it is passed over, and should be no order.",
        "nothing, if it is a title or a sum",
        Example(GOOD + b"2 orders downloaded,,,,,,\n", GOOD),
    ),
    Check(
        "RS213",
        "other-header",
        ERROR,
        "another header stands here, {note}: nothing from there on was read",
        "The rows below it are those of another export, and would be read in the wrong columns.",
        "cut the file in two at that line, and import each with its map",
        Example(
            GOOD
            + b"total,id,date,product,price,qty,email\n"
            + b"9.50,3,2024-03-07T10:00:00Z,Tea,9.50,1,cy@example.com\n",
            GOOD,
        ),
        whole=True,
    ),
    Check(
        "RS220",
        "bad-json-line",
        ERROR,
        "the line is not JSON: {note}",
        "The order in it cannot be read, nor whether it is one.",
        "correct the line, or export the file again; what is no number is written as null",
        Example(LINE + b'{"id": "2", "total":\n', LINE),
    ),
    Check(
        "RS221",
        "not-an-object",
        ERROR,
        "{note}",
        "An order is an object with named members.",
        "write one JSON object, one order, a line",
        Example(LINE + b"17\n", LINE),
    ),
    Check(
        "RS222",
        "duplicate-key",
        ERROR,
        "{note}",
        "JSON readers take one of the two silently, and not all the same one.",
        "keep one of the two, it is not known which is right",
        Example(LINE.replace(b'{"id"', b'{"total": 8.00, "id"'), LINE),
    ),
    Check(
        "RS223",
        "broken-structure",
        ERROR,
        "{note}",
        "One JSON document that breaks off or is damaged cannot be read beyond that place.",
        "export it again, or write one object a line",
        Example(b"[" + LINE, b"[" + LINE + b"]"),
        whole=True,
    ),
)
