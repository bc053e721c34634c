"""The README's tables and lists are those of the code."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from richsync.checks import CHECKS
from richsync.cli.app import application
from richsync.errors import InterruptedRunError, RichsyncError
from richsync.fieldmaps import load
from richsync.fieldmaps.derive import ITEM, ORDER
from richsync.fieldmaps.settings import JOIN, SETTINGS, WHERE
from richsync.schema import CUSTOMER, PROPERTIES, Field
from richsync.verbs import VERBS, Verb
from tests.readme import README, ROOT, code, shown_map, table


def quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def written(verb: Verb) -> str:
    """As it stands in a map's `do:`."""
    words, table = verb.example.arguments
    if table:
        return f"{verb.name}: {{{', '.join(f'{name}: {each[0]}' for name, each in table)}}}"
    if not words:
        return verb.name
    return f"{verb.name}: {quoted(words[0] if len(words) == 1 else list(words))}"


def example(verb: Verb) -> str:
    """A value, what else its row holds, and the result."""
    value, result, row = verb.example.value, verb.example.result, verb.example.row
    others = "".join(f", {name} `{quoted(cell)}`" for name, cell in row.items())
    return f"`{quoted(value)}`{others} → `{quoted(result)}`"


def test_the_verbs() -> None:
    expected = [[f"`{written(verb)}`", verb.doc, example(verb)] for verb in VERBS.values()]
    assert table("verb") == expected


@pytest.mark.parametrize("verb", [code(row[0])[0] for row in table("verb")])
def test_a_verb_can_be_written_as_shown(verb: str) -> None:
    text = shown_map().replace('split: ","', verb)
    assert text != shown_map() or verb == 'split: ","'
    load(text, "shop.map.yaml")


def test_the_settings() -> None:
    told = {name: setting.doc for name, setting in SETTINGS.items()} | {"where": WHERE, "join": JOIN}
    assert [(code(name)[0], doc) for name, doc in table("setting")] == list(told.items())


def test_the_findings() -> None:
    found = [each for row in table("about") for each in row[1].split(", ")]
    assert found == [
        f"{check.code}{'*' * check.whole} {check.name} {check.severity[0].upper()}"
        for check in CHECKS.values()
    ]
    groups = [{each[:3] for each in row[1].split(", ")} for row in table("about")]
    assert all(len(group) == 1 for group in groups)


def endings(error: type[RichsyncError]) -> Iterator[type[RichsyncError]]:
    yield error
    for each in error.__subclasses__():
        yield from endings(each)


def test_the_exit_codes() -> None:
    found = [int(each) for row in table("exit code") for each in row[0].split(", ")]
    interrupted = {InterruptedRunError("", signal_number=number).exit_status for number in (2, 15)}
    expected = {error.exit_code for error in endings(RichsyncError)} | {0, 1} | interrupted
    assert found == sorted(expected)


def parts(name: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return next(each.parts for each in fields if each.name == name)


SIDES = ("billing", "shipping")
PARTS = [each.name.removeprefix("billing") for each in PROPERTIES if each.name.startswith("billing")]
ADDRESSES = {side + part for side in SIDES for part in PARTS}
FIELDS = {
    "order": tuple(each for each in PROPERTIES if each.name not in ADDRESSES),
    "items": parts("items", PROPERTIES),
    "fulfillment": parts("fulfillment", PROPERTIES),
    "tracking": parts("tracking", parts("fulfillment", PROPERTIES)),
    "customer": CUSTOMER,
}


@pytest.mark.parametrize(("section", "fields"), FIELDS.items(), ids=FIELDS)
def test_the_fields(section: str, fields: tuple[Field, ...]) -> None:
    (listed,) = re.findall(
        rf"^(?:Fields of|Of) `{section}:`[^`*]*(.*?)\.\n", README, re.DOTALL | re.MULTILINE
    )
    assert listed.split() == [f"**`{each.name}`**" if each.required else f"`{each.name}`" for each in fields]


def test_the_fields_of_addresses() -> None:
    (listed,) = re.findall(r"^Of an address, after (.*?)\.\n", README, re.DOTALL | re.MULTILINE)
    assert code(listed) == [*SIDES, *PARTS]
    assert {each.name for each in PROPERTIES} >= ADDRESSES


def test_the_derived_fields() -> None:
    (derived,) = re.findall(r"\*\*Derived\*\*.*?\n\n", README, re.DOTALL)
    expected = {name for each in (*ORDER, *ITEM) for name in (each.target, *each.sources)}
    expected |= {"email", "customer.email", "customer.uid"}
    assert expected <= set(code(derived))


def test_the_map_loads() -> None:
    shown = load(shown_map(), "shop.map.yaml")
    assert shown.checkpoint == "shop.richsync"
    assert {each.field.name for each in shown.order.fields} >= {"orderId", "status", "coupons"}


# The options


def options() -> dict[str, set[str]]:
    """Those of each command, as its --help has them."""
    group: Any = typer.main.get_command(application())
    return {
        name: {option for each in command.params for option in each.opts if option.startswith("-")}
        for name, command in group.commands.items()
    }


def test_the_options_of_import_are_all_there() -> None:
    assert {each for row in table("of `import`") for each in code(row[0])} == options()["import"]


def test_the_options_of_validate_are_all_there() -> None:
    (listed,) = re.findall(r"^`validate` takes (.*?)\. The", README, re.DOTALL | re.MULTILINE)
    assert set(code(listed)) == {each for each in options()["validate"] if each.startswith("--")}


def test_every_option_exists() -> None:
    every = {"--version"}.union(*options().values())
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) <= every


def test_every_variable_exists() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "richsync").rglob("*.py"))
    named = set(re.findall(r"\b(?:RICHPANEL|RICHSYNC)_[A-Z_]+\b", README))
    assert named
    assert {name for name in named if name not in source} == set()


def test_every_module_is_on_its_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    floors = [floor.split(" | ") for floor in contracts["contracts"][0]["layers"] if floor != "__main__"]
    (shown,) = re.findall(r"From the top: (.*?)\. What", README, re.DOTALL)
    assert [code(floor) for floor in re.split(r"\s·\s", shown)] == floors


def test_no_place_of_this_machine_is_named() -> None:
    assert {str(place) for place in (ROOT, Path.home()) if f"{place}/" in README} == set()
