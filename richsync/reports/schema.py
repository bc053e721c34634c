"""The JSON Schema of the report of `validate`, version 1."""

from typing import Any

from richsync.checks import CHECKS, Severity
from richsync.model import Disposition
from richsync.reports.documents import VERSION

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_LINE: Schema = {"type": "integer", "minimum": 1}
_FLAG: Schema = {"type": "boolean"}


def _maybe(schema: Schema, doc: str = "") -> Schema:
    return {"anyOf": [schema, {"type": "null"}]} | ({"description": doc} if doc else {})


def _object(members: dict[str, Schema], **more: Any) -> Schema:
    return {"type": "object", "properties": members, "required": list(members)} | more


def _list(items: Schema, doc: str = "") -> Schema:
    return {"type": "array", "items": items} | ({"description": doc} if doc else {})


_PLACE = {
    "line": _LINE | {"description": "physical line, from 1"},
    "column": _LINE | {"description": "character of the line at which the cell begins, from 1"},
    "record": _maybe(_LINE, "number of the record, from 1; null where it is not known"),
}
_SAMPLE = _object(_PLACE | {"order_id": _maybe(_TEXT), "value": _TEXT, "note": _maybe(_TEXT)})
_GROUP = _object(
    {
        "code": {"enum": list(CHECKS)},
        "name": {"enum": [check.name for check in CHECKS.values()]},
        "severity": {"enum": [str(each) for each in Severity]},
        "column": _maybe(_TEXT, "the export's column or path"),
        "field": _maybe(_TEXT, "the field of Richpanel's order event"),
        "count": _COUNT | {"description": "findings in all, also those that are no sample"},
        "orders": _COUNT | {"description": "orders that have it; 0 when it is about no order"},
        "first": _maybe(_object(_PLACE), "null when it is about the export as a whole"),
        "last": _maybe(_object(_PLACE)),
        "values": _list(_object({"value": _TEXT, "count": _COUNT}), "the most frequent bad values"),
        "values_exact": _FLAG | {"description": "false: each count of a value means at least so many"},
        "samples": _list(_SAMPLE, "the first few findings"),
        "message": _TEXT,
        "help": _TEXT | {"description": "how to mend it"},
    }
)
_SOURCE = _object(
    {
        "path": _TEXT,
        "bytes": _COUNT,
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "format": _TEXT,
        "encoding": _TEXT,
        "bom": _FLAG,
        "delimiter": _TEXT | {"description": "empty for JSON"},
        "newline": _TEXT,
        "compression": _TEXT,
        "preamble": _COUNT | {"description": "lines above the header"},
        "records": _COUNT,
        "lines": _COUNT,
    }
)
_COUNTS = {str(each): _COUNT for each in Severity} | dict.fromkeys(
    ("orders", "valid_orders", "bad_orders", "records", "skipped"), _COUNT
)
_MOMENT = _maybe({"type": "string", "pattern": "^[0-9-]+T[0-9:]+Z$"})
_SUMMARY = {
    "first_order": _MOMENT,
    "last_order": _MOMENT,
    "customers": _COUNT,
    "amount_by_currency": {"type": "object", "additionalProperties": {"type": "number"}},
}
_HEAD: dict[str, Schema] = {
    "schema": {"const": VERSION},
    "tool": {"const": "richsync"},
    "version": _TEXT,
}
_COMPLETE = _FLAG | {"description": "false when the source was not read to its end"}
_TALLY = _object({"orders": _COUNT, "records": _COUNT})


def report_schema() -> Schema:
    """JSON Schema (2020-12) of a report on one source, on several, and of a run that came to none."""
    one = _object(
        _HEAD
        | {
            "source": _maybe(_SOURCE, "null when the map has mistakes: nothing was read"),
            "map": _object(
                {
                    "path": _TEXT,
                    "sha256": _maybe(_TEXT, "null where no file was read"),
                    "derived": _list(_TEXT, "fields taken from other fields"),
                }
            ),
            "counts": _object(_COUNTS),
            "summary": _object(_SUMMARY),
            "groups": _list({"$ref": "#/$defs/group"}, "findings by kind, errors first"),
            "complete": _COMPLETE,
        }
    )
    ended = _object(
        _HEAD
        | {
            "ending": _TEXT | {"description": "why there is nothing else to report"},
            "hint": _TEXT | {"description": "what to do next"},
            "exit_code": _COUNT,
            "complete": {"const": False},
        }
    )
    dispositions: dict[str, Schema] = dict.fromkeys(("read", *map(str, Disposition)), _TALLY)
    several = _object(
        _HEAD
        | {
            "sources": _list({"$ref": "#/$defs/report"}, "the report of each source"),
            "account": _object(dispositions) | {"description": "what became of everything that was read"},
            "complete": _COMPLETE,
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report of richsync validate",
        "anyOf": [{"$ref": f"#/$defs/{each}"} for each in ("report", "reports", "ended")],
        "$defs": {"report": one, "reports": several, "ended": ended, "group": _GROUP},
    }
