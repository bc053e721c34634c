"""`richsync schema`."""

from enum import StrEnum
from typing import Annotated

import typer

from richsync.display.screen import Screen
from richsync.fieldmaps.mapschema import map_schema
from richsync.jsontext import pretty
from richsync.reports.schema import report_schema
from richsync.schema import event_schema


class Document(StrEnum):
    """What has a JSON Schema."""

    EVENT = "event"
    MAP = "map"
    REPORT = "report"


_SCHEMAS = {Document.EVENT: event_schema, Document.MAP: map_schema, Document.REPORT: report_schema}


def schema(
    document: Annotated[
        Document,
        typer.Argument(
            help="An order event as it is sent, the field map, or the report of `validate --json`."
        ),
    ],
) -> None:
    """A JSON Schema on stdout, for editors and other tools."""
    Screen().result(pretty(_SCHEMAS[document]()))
