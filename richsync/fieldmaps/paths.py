"""Paths into JSON: `billing.city`, `emails[0]`, `coupons[].code` of each, `cart.*.name` of every member."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

Step: TypeAlias = str | int
"""A member's name, or the place in a list, or one of `SEVERAL`."""

_EACH, _ALL = "", "*"
SEVERAL = (_EACH, _ALL)
"""Steps to more than one value: `[]` is each of a list, `*` is also each member of an object."""

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{0,99})\]")


def steps_of(name: str) -> tuple[Step, ...]:
    """The steps that a path is made of."""
    return tuple(int(at) if at else key for key, at in _STEP.findall(name)) or (name,)


def walk(value: Any, steps: Sequence[Step]) -> Any:
    """What a path leads to: a list where it leads to several, None where it leads nowhere."""
    for at, step in enumerate(steps, 1):
        match value, step:
            case ((list() | dict()), ("" | "*")):
                found = (walk(each, steps[at:]) for each in below(value, step))
                return [each for each in found if each is not None]
            case dict(), str():
                value = value.get(step)
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                return None
    return value


def below(value: Any, step: Step) -> list[Any]:
    """What one step of a path leads to; a single object counts as a list of one."""
    if step == _ALL and isinstance(value, dict):
        return list(value.values())
    if step in SEVERAL:
        return value if isinstance(value, list) else [value]
    return [] if (found := walk(value, (step,))) is None else [found]
