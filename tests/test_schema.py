import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from richsync.jsontext import Digits, dumps, loads
from richsync.schema import (
    CUSTOMER,
    PROPERTIES,
    Field,
    Kind,
    documents,
    event_faults,
    event_schema,
    is_personal,
)

VALIDATOR = Draft202012Validator(event_schema())
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda text: text.strip()
)
MOMENTS = st.integers(-(2**53), 2**53)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, "", " ", "\u00a0", "x", True, False),
        *(0, 1, -1, 1.0, 1.5, 0.5, -0.0, 1e300),
        *([], {}, ["x"], [""], [1], [{}], [[" "]]),
        *({"a": 1}, {"a": None}, {"a": ["", "x"]}, {"a": {"b": []}}),
    ]
)


VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.NUMBER: NUMBERS,
    Kind.QUANTITY: st.integers(1, 99) | st.just(2.0),
    Kind.MOMENT: MOMENTS,
    Kind.BOOLEAN: st.booleans(),
    Kind.TEXTS: st.lists(WORDS, min_size=1, max_size=2),
}


def values(each: Field) -> st.SearchStrategy[Any]:
    if each.kind is Kind.OBJECT:
        return objects(each.parts, some=True)
    if each.kind is Kind.LIST:
        return st.lists(objects(each.parts, some=True), min_size=1, max_size=2)
    return VALUES.get(each.kind, WORDS)


@st.composite
def objects(draw: st.DrawFn, fields: tuple[Field, ...], some: bool = False) -> dict[str, Any]:
    optional = [each for each in fields if not each.required]
    chosen = draw(st.lists(st.sampled_from(optional), max_size=3, unique_by=lambda each: each.name))
    if some and not chosen and len(optional) == len(fields):
        chosen = optional[:1]
    members = [each for each in fields if each.required] + chosen
    return {each.name: draw(values(each)) for each in members} | draw(
        st.dictionaries(st.sampled_from(["custom", "another"]), NUMBERS | WORDS, max_size=1)
    )


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    event = {
        "event": "order",
        "properties": draw(objects(PROPERTIES)),
        "userProperties": draw(objects(CUSTOMER)),
        "time": {"sentAt": draw(MOMENTS)} | draw(st.dictionaries(st.just("originalTimestamp"), MOMENTS)),
    }
    return event | draw(st.dictionaries(st.just("appClientId"), WORDS))


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below a value."""
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in pairs:
        found += [(value, key), *places(member)]
    return found


def drop(container: Any, key: Any, _junk: object) -> None:
    del container[key]


def replace(container: Any, key: Any, junk: object) -> None:
    container[key] = junk


def extend(container: Any, _key: Any, junk: object) -> None:
    container.update(extra=junk) if isinstance(container, dict) else container.append(junk)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    event = draw(events())
    for way in draw(st.lists(st.sampled_from([drop, replace, extend]), min_size=1, max_size=2)):
        way(*draw(st.sampled_from(places(event))), copy.deepcopy(draw(JUNK)))
    return event


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(event_schema())


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.OBJECT, Kind.LIST, Kind.ANY}))
def test_every_kind_of_value_is_described(kind: Kind) -> None:
    described = documents._value(Field("name", kind, "what it is"))
    assert described.keys() & {"type", "$ref"}


@given(events())
def test_generated_events_may_be_sent(event: dict[str, Any]) -> None:
    assert event_faults(event) == []
    assert VALIDATOR.is_valid(event)


@given(mutated())
def test_faults_and_schema_agree(event: dict[str, Any]) -> None:
    assert (event_faults(event) == []) == VALIDATOR.is_valid(event)


@given(events())
def test_numbers_as_they_were_written_are_numbers(event: dict[str, Any]) -> None:
    assert event_faults(loads(dumps(event).decode())) == []


@given(mutated())
def test_faults_do_not_depend_on_how_numbers_were_read(event: dict[str, Any]) -> None:
    text = dumps(event).decode()
    assert bool(event_faults(loads(text))) == bool(event_faults(loads(text, exact=False)))


@given(JUNK | st.dictionaries(st.sampled_from(["event", "properties", "userProperties", "time"]), JUNK))
def test_anything_is_judged(value: Any) -> None:
    assert event_faults(value) != []
    assert not VALIDATOR.is_valid(value)


@pytest.mark.parametrize("key", ["", " ", 1, None, Digits("1.5")])
def test_a_key_is_a_text(key: object) -> None:
    assert "appClientId: empty, or not a text" in event_faults({"event": "order", "appClientId": key})


ITEM = '"id": "p", "price": 1, "quantity": 1'
HEAD = '"event": "order", "time": {"sentAt": 0}, "userProperties": {"uid": "a@b.example"}'


def whole(properties: str) -> str:
    """An event that may be sent, but for the given properties; `ITEM` stands for an item's members."""
    known = '"orderId": "1", "orderDbKey": "1", "createdAt": 0'
    return f'{{{HEAD}, "properties": {{{known}, {properties.replace("ITEM", ITEM)}}}}}'


@pytest.mark.parametrize(
    ("properties", "fault"),
    [
        ('"amount": "1.10", "items": [{ITEM}]', "amount: empty, or not of type number"),
        ('"amount": true, "items": [{ITEM}]', "amount: empty, or not of type number"),
        ('"items": [{ITEM}]', "amount: missing"),
        ('"amount": 1', "items: missing"),
        ('"amount": 1, "items": {}', "items: empty, or not a list"),
        ('"amount": 1, "items": []', "items: empty, or not a list"),
        ('"amount": 1, "items": [1]', "items[0]: not an object"),
        (
            '"amount": 1, "items": [{ITEM}, {"id": "p", "price": 1, "quantity": 0}]',
            "items[1].quantity: empty, or not of type quantity",
        ),
        ('"amount": 1, "items": [{ITEM, "contains": {}}]', "items[0].contains: empty"),
        ('"amount": 1, "items": [{ITEM, "sku": 12}]', "items[0].sku: empty, or not of type identifier"),
        ('"amount": 1, "items": [{ITEM}], "orderName": 1.10', "orderName: empty, or not of type text"),
        ('"amount": 1, "items": [{ITEM}], "updatedAt": 1.5', "updatedAt: empty, or not of type moment"),
        ('"amount": 1, "items": [{ITEM}], "coupons": ["", "x"]', "coupons: empty, or not of type texts"),
        (
            '"amount": 1, "items": [{ITEM}], "loyalty": {"tiers": ["a", [null]]}',
            "loyalty: empty, or holds something empty",
        ),
        (
            (
                '"amount": 1, "items": [{ITEM}], '
                '"fulfillment": [{"id": "f", "items": [{ITEM, "name": "n"}], "tracking": [{}]}]'
            ),
            "fulfillment[0].tracking[0]: empty",
        ),
    ],
)
def test_a_fault_names_its_place(properties: str, fault: str) -> None:
    text = whole(properties)
    assert event_faults(loads(text)) == [f"properties.{fault}"]
    assert not VALIDATOR.is_valid(loads(text, exact=False))


def test_a_number_that_no_double_holds_is_at_fault() -> None:
    text = whole('"amount": 1e400, "items": [{ITEM}]')
    assert event_faults(loads(text)) == ["properties.amount: empty, or not of type number"]


@pytest.mark.parametrize(
    ("path", "personal"),
    [
        ("customer.email", True),
        ("customer.uid", True),
        ("customer.billingAddress.city", True),
        ("billingPhone", True),
        ("lastName", True),
        ("a name of the shop's own", True),
        ("shippingAmount", False),
        ("customer.sourceId", False),
        ("items.price", False),
        ("fulfillment.tracking.shippingDate", False),
    ],
)
def test_which_fields_are_personal(path: str, personal: bool) -> None:
    assert is_personal(path) is personal


def test_an_integer_that_no_double_holds_is_at_fault() -> None:
    """Which JSON Schema cannot say: to it `1e300` is as much of an integer."""
    event = {"event": "order", "time": {"sentAt": 2**60}, "properties": {"amount": 2**60}}
    faults = {"time.sentAt: not of type moment", "properties.amount: empty, or not of type number"}
    assert faults <= set(event_faults(event))
