"""RS1: the file as a whole."""

from richsync.checks.check import ERROR, FIRST, GOOD, HEADER, SECOND, WARNING, Check, Example

FILES = (
    Check(
        "RS102",
        "empty-file",
        ERROR,
        "the file holds nothing",
        "An export that failed often leaves an empty file: that is no shop without orders.",
        "export it again",
        Example(b"\n\n", GOOD),
        whole=True,
    ),
    Check(
        "RS103",
        "no-records",
        ERROR,
        "there is a header and no order below it",
        "An export of the wrong dates or with a filter that nothing passes looks like this.",
        "export it again",
        Example(HEADER, GOOD),
        whole=True,
    ),
    Check(
        "RS104",
        "invalid-encoding",
        ERROR,
        "{note}",
        "Read as what it is not, it would give names with wrong letters, and those cannot be taken back.",
        "if all of the file is written so, say `encoding: cp1252` under `export:` in the map; if only that "
        "place is, correct it and save the file as UTF-8, or export it again",
        Example(
            HEADER + FIRST.replace(b"Tea", "Té".encode()) + SECOND.replace(b"Cup", b"Caf\xe9"),
            HEADER + FIRST.replace(b"Tea", "Té".encode()) + SECOND.replace(b"Cup", "Café".encode()),
        ),
        whole=True,
    ),
    Check(
        "RS105",
        "encoding-guessed",
        WARNING,
        "{note}",
        "Some encodings cannot be told apart by looking: one that is nearly right spoils a few letters only.",
        "look at names with accents in `richsync preview`; if they are right, say so: `encoding: cp1252` "
        "under `export:` in the map",
        Example(
            HEADER + FIRST + SECOND.replace(b"Cup", b"Caf\xe9"),
            HEADER + FIRST + SECOND.replace(b"Cup", b"Caf\xe9"),
            mended_map="export: {encoding: cp1252}",
        ),
    ),
    Check(
        "RS106",
        "not-a-text-export",
        ERROR,
        "{note}",
        "Orders are read from text, CSV or JSON, plain or packed.",
        "export the orders as CSV or JSONL; what is packed has to be one export",
        Example(b"PK\x03\x04\x14\x00\x06\x00", GOOD),
        whole=True,
    ),
    Check(
        "RS107",
        "truncated-archive",
        ERROR,
        "the archive is not whole: {note}",
        "What is missing at its end are orders, and nobody would notice.",
        "copy or download the file again",
        Example(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcbLI-.I,)\xd6)", GOOD),
        whole=True,
    ),
    Check(
        "RS108",
        "control-character",
        ERROR,
        "{column} holds a control character ({note})",
        "It is no part of a text. Often it is what is left of a broken encoding or of binary data.",
        "clean the cell in the shop, or leave the column out of the map",
        Example("product\nTea\x00", "product\nTea"),
    ),
    Check(
        "RS109",
        "mojibake",
        WARNING,
        "{field} has letters that were read in a wrong encoding",
        "The damage was done before the export: `Ã©` was an é once, and customers would see it.",
        "export again, or mend the shop's data; if all accents are so, try `encoding: utf-8` or another one",
        Example("product\nCafÃ© crÃ¨me", "product\nCafé crème"),
    ),
)
