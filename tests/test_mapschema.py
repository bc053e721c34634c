"""The JSON Schema of maps, held against the maps that the loader takes and the ones it refuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from richsync.fieldmaps import load
from richsync.fieldmaps.mapschema import map_schema
from richsync.verbs import VERBS
from tests.readme import blocks, shown_map
from tests.support import run_richsync

SAMPLES = Path(__file__).parent.parent / "sample_data"
VALIDATOR = Draft202012Validator(map_schema())
LEAST = """\
richsync: 1
order: {orderId: id, amount: total, createdAt: date, items: {name: name, price: price, quantity: =1}}
customer: {email: mail}
"""


def plain(text: str) -> Any:
    """A map as an editor sees it."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(map_schema())


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.map.yaml")), ids=lambda path: path.name)
def test_the_samples_are_valid(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(plain(path.read_text(encoding="utf-8")))) == []


def test_the_map_of_the_readme_is_valid() -> None:
    assert list(VALIDATOR.iter_errors(plain(shown_map()))) == []


@pytest.mark.parametrize("part", blocks("yaml")[1:], ids=lambda part: part.split()[0])
def test_what_the_readme_shows_of_maps_is_valid(part: str) -> None:
    assert list(VALIDATOR.iter_errors({"richsync": 1} | plain(part))) == []


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_every_verb_is_valid_as_its_example_has_it(verb: Any) -> None:
    words = list(verb.example.arguments.words)
    table = {name: list(given) for name, given in verb.example.arguments.table}
    written: Any = {verb.name: table or words} if table or words else verb.name
    field = {"from": "status", "do": [written]}
    assert list(VALIDATOR.iter_errors(plain(LEAST) | {"order": {"status": field}})) == []


@pytest.mark.parametrize(
    "line",
    [
        "export: {nmbers: '1.5'}",
        "export: {where: [a]}",
        "chekpoint: a.richsync",
        "order: {ordrId: id}",
        "order: {items: {prize: a}}",
        "order: {status: {from: a, do: [lowr]}}",
        "order: {status: {from: a, do: lower}}",
        "order: {status: {from: a, lokup: {}}}",
        "order: {amount: {from: a, aggregate: total}}",
        "customer: {billingAddress: {town: a}}",
        "richsync: 2",
        "export: {format: xlsx}",
        "export: {repeats: oldest}",
        "order: {items: {cell: a, as: xml}}",
    ],
)
def test_what_the_loader_refuses_is_not_valid(line: str) -> None:
    assert list(VALIDATOR.iter_errors(plain(LEAST) | plain(line)))
    load(LEAST, "map")


def test_what_is_not_decided_is_valid() -> None:
    undecided = plain("export: {dates: TODO, format: TODO}\norder: {orderId: TODO, items: TODO}")
    assert list(VALIDATOR.iter_errors(plain(LEAST) | undecided)) == []


def described(schema: Any, path: str = "") -> Iterator[str]:
    """The names in a schema that are not explained."""
    if isinstance(schema, dict):
        for name, member in schema.get("properties", {}).items():
            if "description" not in member and "$ref" not in member:
                yield f"{path}.{name}"
        for name, member in schema.items():
            yield from described(member, f"{path}.{name}")
    elif isinstance(schema, list):
        for member in schema:
            yield from described(member, path)


def test_completion_explains_every_name() -> None:
    inner = ("column", "name", "file", "match", "where", "otherwise")
    assert [each for each in described(map_schema()) if not each.endswith(inner)] == []


def test_the_command_prints_them(tmp_path: Path) -> None:
    ended = run_richsync("schema", "map", cwd=tmp_path)
    assert ended.code == 0
    assert json.loads(ended.out) == map_schema()
    assert json.loads(run_richsync("schema", "event", cwd=tmp_path).out)["title"] == "Richpanel order event"
    assert run_richsync("schema", "nothing", cwd=tmp_path).code == 2
