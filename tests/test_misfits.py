"""Exports that are not of the kind that a map is for, and values that no order may be sent with."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from richsync.errors import BadMapError
from richsync.fieldmaps import bind, load
from richsync.jsontext import dumps
from richsync.model import Mistake, Odd, Record
from tests.exported import opened
from tests.small import DAY, brief, map_text, read, row, source, surveyed, table

MAP = """\
richsync: 1
export: {%s}
order:
  orderId: id
  amount: total
  createdAt: date
  items: {path: lines, sku: sku, price: price, quantity: qty}
  custom: {note: note}
customer: {uid: who}
"""
LINES = [{"sku": "A", "price": 1, "qty": 1}]
ORDER = {"id": "1", "total": 2, "date": DAY, "lines": LINES, "who": "a@b.cc", "note": "x"}


def refused(export: str, *records: dict[str, Any]) -> list[Mistake]:
    with pytest.raises(BadMapError) as caught:
        bind(load(MAP % export, "map"), (), [(1, each, "") for each in records])
    return list(caught.value.mistakes)


def test_records_of_another_kind_are_no_orders() -> None:
    (mistake,) = refused("timezone: UTC", {"sku": "A", "stock": 2}, {"sku": "B", "price": 1})
    assert (mistake.code, mistake.line, mistake.column) == ("RS303", 4, 12)
    assert mistake.message == "none of the records looked at (2) has 'id'"
    assert mistake.help == "the names are: sku, stock, price"


def test_lines_that_belong_to_others_are_no_orders() -> None:
    (mistake,) = refused("timezone: UTC", ORDER, ORDER | {"id": "2", "__parentId": "1"})
    assert mistake.message == "the export has lines that belong to others, by '__parentId'"
    assert mistake.help == "say `parent: __parentId` under export:; lines are `path: LineItem`"


@pytest.mark.parametrize("export", ["parent: __parentId", "where: {__parentId: empty}"])
def test_a_map_that_knows_of_them_is_right(export: str) -> None:
    rows: list[Record] = [(1, dict(ORDER), ""), (2, {"id": "2", "__parentId": "1"}, "")]
    assert bind(load(MAP % export, "map"), (), rows).notes == ()


def of_one(folder: Path, **changed: object) -> str:
    (found,) = read(folder, dumps(ORDER | changed) + b"\n", MAP % "timezone: UTC", "orders.jsonl")
    return brief(found)


@pytest.mark.parametrize("uid", ["NULL", "n/a", "-", "None", r"\N", "undefined"])
def test_a_word_for_nothing_is_nobody_s_uid(tmp_path: Path, uid: str) -> None:
    assert of_one(tmp_path, who=uid) == "reject 1 @1 x1: RS403 customer.uid"


@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_are_no_ids(tmp_path: Path, value: bool) -> None:
    assert of_one(tmp_path, who=value) == "reject 1 @1 x1: RS403 customer.uid"
    assert of_one(tmp_path, id=value).endswith("@1 x1: RS401 orderId")


@pytest.mark.parametrize("word", ["NULL", "n/a", "-", "None", "nan", "undefined"])
@pytest.mark.parametrize("settings", ["", "group: id"])
def test_a_word_for_nothing_is_no_order_s_id(tmp_path: Path, word: str, settings: str) -> None:
    rows = (row("A1"), row(word), row("2"), row(word, total="8"))
    survey, _ = surveyed(source(tmp_path, table(*rows), map_text(settings)))
    (group,) = (each for each in survey.findings if each.problem.code != "RS307")
    assert (group.problem.code, group.problem.value, group.first, group.count) == ("RS401", word, 3, 2)
    assert group.message == "orderId is empty (a word that means nothing)"


@pytest.mark.parametrize("uid", ["Null", "nan", "none"])
def test_a_map_can_say_which_words_mean_nothing(tmp_path: Path, uid: str) -> None:
    mapped = MAP.replace("uid: who", 'uid: {first_of: [who, "guest-{id}"]}') % f"empty: [{uid}]"
    (found,) = read(tmp_path, dumps(ORDER | {"who": uid}) + b"\n", mapped, "orders.jsonl")
    assert brief(found) == "order 1 @1 x1"


@pytest.mark.parametrize(("depth", "expected"), [(90, "order 1 @1 x1"), (120, "reject 1 @1 x1: RS310 note")])
def test_a_custom_value_has_as_many_levels_as_can_be_written(
    tmp_path: Path, depth: int, expected: str
) -> None:
    note: Any = {"a": 1}
    for _ in range(depth - 1):
        note = [note]
    assert of_one(tmp_path, note=note) == expected


def test_custom_values_that_only_python_can_nest_so_deeply(tmp_path: Path) -> None:
    text = dumps(ORDER | {"note": "*"}).decode().replace('"*"', "[" * 900 + "1" + "]" * 900)
    (found,) = read(tmp_path, text, MAP % "timezone: UTC", "orders.jsonl")
    assert brief(found) == "reject 1 @1 x1: RS310 note"


def test_what_stands_below_an_open_quote_is_held_small() -> None:
    row = f"7,Anna \N{GRINNING FACE}{'y' * 30}\n"
    export = f'id,name\n1,a\n2,"b\n{row * 100_000}'.encode()
    tracemalloc.start()
    try:
        with opened(export) as found:
            *_, (line, odd, _) = found
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(odd, Odd)
    assert (line, odd.code) == (3, "RS204")
    assert peak < 3 * len(export)


def test_a_quote_that_closes_far_below_is_closed() -> None:
    below = "7,Anna \N{GRINNING FACE}\n" * 20_000
    with opened(f'id,name\n2,"b\n{below}"\n3,c\n'.encode()) as found:
        assert [(line, row) for line, row, _ in found] == [(2, ["2", f"b\n{below}"]), (20_004, ["3", "c"])]
