"""Findings explained, as people and machines read them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from richsync.checks import Check, Severity
from richsync.display.screen import Screen, Styled

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WORDS = {"field": "a field", "column": "a column", "note": "…"}
_LONGEST = 100


def show_rules(checks: Iterable[Check], screen: Screen) -> None:
    """Every finding in a line: code, name, weight."""
    for each in checks:
        screen.result(Styled(each.code, "bold"), f"  {each.name:<26}", _weight(each))


def show_rule(check: Check, screen: Screen) -> None:
    """One finding: what, why, how to mend it, and an example with its mended form."""
    screen.result(Styled(check.code, "bold"), f" {check.name}, ", _weight(check))
    if (says := _says(check)) != _WORDS["note"]:
        screen.result(f"  {says}")
    screen.result(f"  {check.why}")
    screen.result(Styled("  mend: ", "dim"), check.mend)
    example = check.example
    mended_map = example.map if example.mended_map is None else example.mended_map
    name, text = example.beside
    _show_export("example", _text(example.bad), example.map, screen)
    if name:
        _show_lines(f"{name}:", text, screen)
    _show_export("mended", _text(example.mended), mended_map, screen)


def _says(check: Check) -> str:
    return re.sub(r"(?<=\w)\{note\}$", "", check.says).format(**_WORDS)


def _weight(check: Check) -> Any:
    whole = ": nothing of the file is sent" if check.whole else ""
    return Styled(f"{check.severity}{whole}", _STYLES[check.severity])


def _show_export(what: str, text: str, mapped: str, screen: Screen) -> None:
    _show_lines(f"{what}:", text, screen)
    if mapped:
        _show_lines("with, in the map:", mapped, screen)


def _show_lines(head: str, text: str, screen: Screen) -> None:
    screen.result(Styled(f"  {head}", "dim"))
    for line in text.splitlines() or [""]:
        screen.result(f"    {line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}")


def _text(export: str | bytes) -> str:
    return export.decode(errors="backslashreplace") if isinstance(export, bytes) else export


def as_json(check: Check) -> Mapping[str, Any]:
    """One finding with all its columns."""
    example = check.example
    return {
        "code": check.code,
        "name": check.name,
        "severity": str(check.severity),
        "whole": check.whole,
        "says": check.says,
        "why": check.why,
        "mend": check.mend,
        "example": {
            "bad": _text(example.bad),
            "mended": _text(example.mended),
            "map": example.map,
            "mended_map": example.map if example.mended_map is None else example.mended_map,
            "beside": dict([example.beside]) if example.beside[0] else {},
        },
    }
