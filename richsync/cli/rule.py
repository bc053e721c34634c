"""`richsync rule`."""

from typing import Annotated

import typer

from richsync.checks import CHECKS, NAMES, named
from richsync.cli import options
from richsync.display.rules import as_json, show_rule, show_rules
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.fieldmaps.nearest import nearest


def rule(
    code: Annotated[str | None, typer.Argument(help="A finding's code or name, RS506 or bad-date.")] = None,
    json: options.JsonOption = False,
) -> None:
    """Explain a finding: what it says, why it matters, an example, and how to mend it.

    Without a code, all of them.
    """
    screen = Screen()
    check = named(code) if code is not None else None
    if code is not None and check is None:
        guess = nearest(code, NAMES)
        raise UnusableError(f"there is no finding {code!r}", guess or "all of them: richsync rule")
    if json:
        screen.json(as_json(check) if check else [as_json(each) for each in CHECKS.values()])
    elif check:
        show_rule(check, screen)
    else:
        show_rules(CHECKS.values(), screen)
