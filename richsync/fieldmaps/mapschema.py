"""The map language as a JSON Schema, folded from the tables that the loader reads: for editors."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from richsync.checks import CHECKS, Severity
from richsync.fieldmaps.aggregates import AGGREGATES
from richsync.fieldmaps.celltexts import FORMS
from richsync.fieldmaps.fields import FALLBACKS
from richsync.fieldmaps.layouts import BESIDE, LAYOUTS
from richsync.fieldmaps.mistakes import TODO
from richsync.fieldmaps.otherfiles import READ_AS
from richsync.fieldmaps.settings import JOIN, REPEATS, SETTINGS, WHERE
from richsync.fieldmaps.weighing import WORDS as WEIGHING
from richsync.schema import CUSTOMER, PROPERTIES, Field, Kind
from richsync.values.moments import NAMED_FORMATS
from richsync.verbs import VERBS, Verb

Schema = dict[str, Any]

_SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
_WORDS: Schema = {
    "anyOf": [{"$ref": "#/$defs/scalar"}, {"type": "array", "items": {"$ref": "#/$defs/scalar"}}]
}
_TABLE: Schema = {"type": "object", "additionalProperties": _WORDS}
_SOURCE = "a column, a text with columns in braces, `{Street} {Number}`, or a constant, `=EUR`"


_CHOICES: Mapping[str, Sequence[object]] = {
    "format": ("csv", "jsonl"),
    "scattered": (True, False),
    "repeats": REPEATS,
}
_EXAMPLES: Mapping[str, Sequence[object]] = {
    "encoding": ("utf-8", "cp1252", "utf-16", "shift_jis"),
    "delimiter": (";", "tab", "|"),
    "numbers": ("1,234.56", "1.234,56", "1 234,56", "$1,234.56", "1.234,56 €"),
    "dates": (*NAMED_FORMATS, "%d.%m.%Y %H:%M", "%m/%d/%Y", "%b %d, %Y %I:%M %p"),
    "timezone": ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"),
    "empty": (["-", "n/a", "NULL"],),
    "fill_down": (["Order"],),
    "path": ("data.orders",),
    "parent": ("__parentId",),
}


def map_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a field map; YAML's numbers and dates stand for their text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "richsync field map",
        "required": ["richsync", "order", "customer"],
        **_closed(
            {
                "richsync": {"const": 1, "description": "version of the map language"},
                "export": _closed(_settings()) | {"description": "how the export writes things"},
                "order": _block(PROPERTIES) | {"description": "the order's fields"},
                "customer": _block(CUSTOMER) | {"description": "the customer's profile"},
                "checks": _checks() | {"description": "what is made of findings"},
                "checkpoint": {"type": "string", "description": "the ledger, relative to the map"},
            }
        ),
        "$defs": {
            "scalar": _SCALAR,
            "source": {"anyOf": [_SCALAR, _closed({"column": _SCALAR})], "description": _SOURCE},
            "field": {"anyOf": [{"$ref": "#/$defs/source"}, _field()]},
            "verb": {"anyOf": [*_verbs()]},
            "file": {"anyOf": [_SCALAR, _closed(_file()) | {"required": ["name"]}]},
        },
    }


def _closed(members: Schema) -> Schema:
    return {"type": "object", "properties": members, "additionalProperties": False}


def _settings() -> Schema:
    told = {name: _setting(name) | {"description": setting.doc} for name, setting in SETTINGS.items()}
    return told | {"where": _TABLE | {"description": WHERE}, "join": _joins() | {"description": JOIN}}


def _setting(name: str) -> Schema:
    """What a setting may be: one of a few words, or words like those that are shown."""
    if name in _CHOICES:
        return {"enum": [*_CHOICES[name], TODO]}
    return _WORDS | ({"examples": list(_EXAMPLES[name])} if name in _EXAMPLES else {})


def _joins() -> Schema:
    row = _closed({"file": {"$ref": "#/$defs/file"}, "match": _TABLE, "where": _TABLE})
    return {"type": "object", "additionalProperties": row | {"required": ["file", "match"]}}


def _file() -> Schema:
    """Another file, by its name or with how it is read."""
    return {"name": _SCALAR} | {word: _WORDS | {"description": SETTINGS[word].doc} for word in READ_AS}


def _checks() -> Schema:
    names = [
        word
        for check in CHECKS.values()
        if check.severity is not Severity.ERROR
        for word in (check.code, check.name)
    ]
    severities: Schema = {"enum": [str(each) for each in Severity]}
    one: Schema = {"enum": names}
    members: dict[str, Schema] = {
        "ignore": {"anyOf": [one, {"type": "array", "items": one}]},
        "severity": {"type": "object", "propertyNames": one, "additionalProperties": severities},
    }
    return _closed({word: member | {"description": WEIGHING[word]} for word, member in members.items()})


def _block(fields: Iterable[Field]) -> Schema:
    """An object of the event: its fields, and `custom:` for names of one's own."""
    members = {each.name: _member(each) | {"description": each.doc} for each in fields}
    own = {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}}
    return _closed(members | {"custom": own | {"description": "properties with names of your own"}})


def _member(each: Field) -> Schema:
    if each.kind is Kind.LIST:
        block = _block(each.parts)
        return {"anyOf": [block | {"properties": _layouts() | block["properties"]}, {"const": TODO}]}
    if each.kind is Kind.OBJECT:
        return {"anyOf": [_block(each.parts), {"const": "from order"}]}
    return {"$ref": "#/$defs/field"}


def _layouts() -> Schema:
    """The words of layouts; `where:` leaves members out."""
    words: Schema = {"where": _TABLE | {"description": "which lines are taken"}}
    for layout in LAYOUTS.values():
        told = {"description": layout.doc, "examples": [layout.example]}
        named: Schema = {"$ref": "#/$defs/file"} if layout.word == "file" else _SCALAR
        words |= {layout.word: named | told}
    beside: Schema = {word: _SCALAR | {"description": says} for word, says in BESIDE.items()}
    beside["as"] = {"enum": list(FORMS), "description": BESIDE["as"]}
    beside["match"] = _TABLE | {"description": BESIDE["match"]}
    return beside | words | {"join": _joins() | {"description": JOIN}}


def _field() -> Schema:
    """A field with its source and what is done to it."""
    source: Schema = {"$ref": "#/$defs/source"}
    verbs: Schema = {"type": "array", "items": {"$ref": "#/$defs/verb"}}
    lookup: Schema = {
        "type": "object",
        "properties": {"otherwise": {"anyOf": [{"enum": list(FALLBACKS)}, _SCALAR]}},
        "additionalProperties": _SCALAR,
    }
    members: Schema = {
        "from": source,
        "first_of": {
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/$defs/field"},
            "description": "several sources, of which the first that is not empty counts",
        },
        "do": verbs | {"description": "what is done to it, in this order"},
        "lookup": lookup | {"description": "a table of words, found: sent"},
        "aggregate": {"enum": list(AGGREGATES), "description": "over the rows of an order"},
        "default": _SCALAR | {"description": "what is sent when there is nothing"},
    }
    words = _layouts()
    return _closed(members | words) | {"dependentRequired": {word: ["aggregate"] for word in words}}


def _verbs() -> Iterable[Schema]:
    """Each verb by itself if it needs no argument, and with its arguments if it takes any."""
    for verb in VERBS.values():
        if verb.fewest == 0:
            yield {"const": verb.name, "description": verb.doc}
        if verb.most or verb.takes_table:
            yield _closed({verb.name: _arguments(verb)}) | {"required": [verb.name]}


def _arguments(verb: Verb) -> Schema:
    words, table = verb.example.arguments
    shown = {name: list(given) for name, given in table} or (list(words) if len(words) > 1 else words[0])
    taken = _WORDS if not verb.takes_table else {"anyOf": [*_WORDS["anyOf"], _TABLE]}
    return taken | {"description": verb.doc, "examples": [shown]}
