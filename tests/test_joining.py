"""Orders in one file, their items in another."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.errors import BadMapError, UnusableError
from richsync.joining import Joining
from richsync.jsontext import dumps
from richsync.model import Disposition, Order
from richsync.pipeline.previews import Wanted, preview
from richsync.pipeline.readings import opened
from tests.small import DAY, brief, source, surveyed

HEADER = "id,total,date,mail\n"
ITEMS = "order;sku;price;qty\n"
MAP = """\
richsync: 1
export: {{{export}}}
order:
  orderId: id
  amount: total
  createdAt: date
  items: {{file: {file}, match: {match}, sku: sku, price: price, quantity: qty{more}}}
customer: {{email: mail}}
"""


def map_of(file: str = "items.csv", match: str = "{order: id}", export: str = "", more: str = "") -> str:
    return MAP.format(file=file, match=match, export=export or "format: csv", more=more)


def orders(*ids: str) -> str:
    return HEADER + "".join(f"{each},9.50,{DAY},a@b.com\n" for each in ids)


def items(*rows: str) -> str:
    return ITEMS + "".join(f"{each}\n" for each in rows)


def told(folder: Path, export: str, joined: str, mapped: str = "") -> list[str]:
    (folder / "items.csv").write_text(joined, encoding="utf-8")
    with opened(source(folder, export, mapped or map_of())) as reading:
        return [brief(each) for each in reading.orders]


def skus(folder: Path, mapped: str, export: str, name: str = "orders.csv") -> dict[str, list[str]]:
    with opened(source(folder, export, mapped, name)) as reading:
        found = [each for each in reading.orders if isinstance(each, Order)]
    return {each.order_id: [item["sku"] for item in each.properties["items"]] for each in found}


@pytest.mark.parametrize(
    ("ids", "rows", "expected"),
    [
        (["1", "2"], ["1;A;1;1", "2;B;1;1", "1;C;1;1"], ["order 1 @2 x1", "order 2 @3 x1"]),
        (["1", "2"], ["1;A;1;1", "1;B;1;1"], ["order 1 @2 x1", "reject 2 @3 x1: RS402 items"]),
        (["1"], [" 1 ;A;1;1", ";B;1;1"], ["order 1 @2 x1"]),
        (["1"], ["1;A;x;1"], ["reject 1 @2 x1: RS501 items.price"]),
        (["1"], ["1;A;1;0", "1;B;1;1"], ["reject 1 @2 x1: RS504 items.quantity"]),
        (["1"], ["1;A\x07;1;1"], ["reject 1 @2 x1: RS108 items"]),
        (["1"], ['1;"A ""é"" \\ B";1;1'], ["order 1 @2 x1"]),
        (["1", ""], ["1;A;1;1", ";A;1;1"], ["order 1 @2 x1", "reject  @3 x1: RS401 orderId, RS402 items"]),
    ],
)
def test_the_rows_of_another_file_are_the_order_s(
    tmp_path: Path, ids: list[str], rows: list[str], expected: list[str]
) -> None:
    assert told(tmp_path, orders(*ids), items(*rows)) == expected


def test_the_rows_come_in_their_order_and_know_their_order(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("2;B;1;1", "1;C;1;1", "1;A;1;1"), encoding="utf-8")
    assert skus(tmp_path, map_of(), orders("1", "2")) == {"1": ["C", "A"], "2": ["B"]}
    lent = map_of(more=', name: "{sku} of {$order.id}"')
    with opened(source(tmp_path, orders("2"), lent)) as reading:
        (order,) = reading.orders
    assert isinstance(order, Order)
    assert order.properties["items"][0]["name"] == "B of 2"


def test_json_on_either_side(tmp_path: Path) -> None:
    lines = [{"order": 1, "sku": "A", "price": 1.5, "qty": 1}, {"order": 2, "sku": "B", "price": 1, "qty": 2}]
    text = "".join(f"{dumps(each).decode()}\n" for each in lines)
    (tmp_path / "items.jsonl").write_text(text, encoding="utf-8")
    assert skus(tmp_path, map_of("items.jsonl"), orders("1", "2")) == {"1": ["A"], "2": ["B"]}
    order = {"id": 1, "total": 2, "date": DAY, "mail": "a@b.com"}
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    mapped = map_of(export="format: jsonl")
    assert skus(tmp_path, mapped, f"{dumps(order).decode()}\n", "orders.jsonl") == {"1": ["A"]}


LISTED = [
    {"order": 1, "data": {"lines": [{"sku": "A", "price": 1, "qty": 1}, {"sku": "B", "price": 2, "qty": 1}]}},
    {"order": 2, "data": {"lines": {"sku": "C", "price": 1, "qty": 1}}},
    {"order": 1, "data": {"lines": [{"sku": "D", "price": 1, "qty": 2}]}},
    {"order": 3, "data": {"lines": []}},
    {"order": 4, "data": {"lines": ["E"]}},
    {"order": 5},
]


def test_a_path_leads_to_a_list_in_the_rows_of_another_file(tmp_path: Path) -> None:
    text = "".join(f"{dumps(each).decode()}\n" for each in LISTED)
    (tmp_path / "items.jsonl").write_text(text, encoding="utf-8")
    mapped = map_of("items.jsonl", "{order: id}, path: data.lines")
    assert skus(tmp_path, mapped, orders("1", "2")) == {"1": ["A", "B", "D"], "2": ["C"]}
    assert told(tmp_path, orders("3", "4", "5", "6"), items(), mapped) == [
        "reject 3 @2 x1: RS402 items",
        "reject 4 @3 x1: RS310 items",
        "reject 5 @4 x1: RS402 items",
        "reject 6 @5 x1: RS402 items",
    ]


def test_control_characters_in_a_list_in_a_row_are_told(tmp_path: Path) -> None:
    listed = {"order_id": 1, "lines": [{"sku": "A\x07", "price": 1, "qty": 1}]}
    (tmp_path / "items.json").write_bytes(dumps(listed))
    mapped = map_of("items.json", "{order_id: id}, path: lines")
    assert told(tmp_path, orders("1"), items(), mapped) == ["reject 1 @2 x1: RS108 items"]


@pytest.mark.parametrize("name", ["orders.csv", "orders.jsonl"])
def test_a_joined_row_that_changed_changes_the_fingerprint(tmp_path: Path, name: str) -> None:
    order = dumps({"id": 1, "total": 2, "date": DAY, "mail": "a@b.com"}).decode() + "\n"
    text = order if name.endswith("l") else orders("1")

    def fingerprint(row: str) -> bytes:
        (tmp_path / "items.csv").write_text(items(row), encoding="utf-8")
        with opened(source(tmp_path, text, map_of(export=f"format: {name[7:]}"), name)) as reading:
            (found,) = reading.orders
        assert isinstance(found, Order)
        return found.fingerprint

    assert fingerprint("1;A;1;1") == fingerprint("1;A;1;1") != fingerprint("1;A;1;2")


def test_rows_of_one_order_bring_the_same_rows_once(tmp_path: Path) -> None:
    rows = items("1;A;1;1", "2;B;1;1")
    (tmp_path / "items.csv").write_text(rows, encoding="utf-8")
    for export in ("group: id", "scattered: true"):
        found = skus(tmp_path, map_of(export=export), orders("1", "1", "2"))
        assert found == {"1": ["A"], "2": ["B"]}
    scattered = skus(tmp_path, map_of(export="scattered: true"), orders("1", "2", "1"))
    assert scattered == {"1": ["A"], "2": ["B"]}


def test_a_row_that_is_left_out_takes_no_rows_with_it(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    text = orders("1", "1").replace("9.50", "8", 1)
    assert skus(tmp_path, map_of(export='group: id, where: {total: "9.50"}'), text) == {"1": ["A"]}


def test_an_order_that_stands_twice_has_its_rows_twice(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    assert told(tmp_path, orders("1", "1"), items("1;A;1;1")) == ["order 1 @2 x1", "order 1 @3 x1"]


def test_all_columns_that_are_matched_must_agree(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;9.50;1", "1;B;8;1", "1;C;;1"), encoding="utf-8")
    assert skus(tmp_path, map_of(match="{order: id, price: total}"), orders("1")) == {"1": ["A"]}


def test_two_lists_may_stand_in_one_file_or_in_two(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "parcels.csv").write_text("parcel,order\nP1,1\n", encoding="utf-8")
    parcels = "  fulfillment: {file: more/parcels.csv, match: {order: id}, id: parcel}\ncustomer:"
    named = map_of(more=", name: sku").replace("customer:", parcels)
    with opened(source(tmp_path, orders("1"), named)) as reading:
        (order,) = reading.orders
    assert isinstance(order, Order)
    assert order.properties["fulfillment"][0]["id"] == "P1"
    assert order.properties["fulfillment"][0]["items"] == order.properties["items"]


def test_two_lists_that_stand_in_the_same_rows_of_one_file_both_get_them(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1", "1;B;1;1", "7;C;1;1"), encoding="utf-8")
    parcels = "  fulfillment: {file: items.csv, match: {order: id}, id: sku}\ncustomer:"
    asked = source(tmp_path, orders("1"), map_of(more=", name: sku").replace("customer:", parcels))
    with opened(asked) as reading:
        (found,) = reading.orders
    assert brief(found) == "reject 1 @2 x1: RS407 fulfillment.items"
    survey, _ = surveyed(asked)
    told_once = [each.count for each in survey.findings if each.problem.code == "RS711"]
    assert told_once == [1]


def test_rows_that_match_no_order_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1", "7;B;1;1", ";C;1;1"), encoding="utf-8")
    survey, account = surveyed(source(tmp_path, orders("1"), map_of()))
    (group,) = [each for each in survey.findings if each.problem.code == "RS711"]
    assert (group.count, group.severity, group.problem.note) == (
        1,
        "warning",
        "2 of them, the first on its line 3",
    )
    assert account.read.records == account.of(Disposition.PENDING).records == 1
    shown = preview(source(tmp_path, orders("1"), map_of()), Wanted(3))
    assert [each.event is not None for each in shown] == [True]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("../items.csv", "is not in the map's folder"),
        ("a/../../items.csv", "is not in the map's folder"),
        ("/etc/passwd", "is not in the map's folder"),
        ("link.csv", "is not in the map's folder"),
        ("lost.csv", "there is no file 'lost.csv' beside the map"),
        ("folder", "there is no file 'folder' beside the map"),
    ],
)
def test_only_files_in_the_map_s_folder_are_read(tmp_path: Path, file: str, message: str) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    folder = tmp_path / "maps"
    (folder / "folder").mkdir(parents=True)
    (folder / "link.csv").symlink_to(tmp_path / "items.csv")
    with pytest.raises(BadMapError) as caught, opened(source(folder, orders("1"), map_of(file))):
        pass
    (mistake,) = caught.value.mistakes
    assert (mistake.code, mistake.line, message in mistake.message) == ("RS301", 7, True)


@pytest.mark.parametrize(
    ("before", "after", "code", "message"),
    [
        ("{order: id}", "{order_id: id}", "RS303", "items.csv: the export has no column 'order_id'"),
        ("{order: id}", "{order: number}", "RS303", "the export has no column 'number'"),
        ("sku: sku", "sku: article", "RS303", "the members of 'items.csv (order=id)' have no 'article'"),
        (
            ", match: {order: id}",
            "",
            "RS301",
            "match: says which column of the file holds which of the export",
        ),
        ("{order: id}", "order", "RS301", "match: says which column of the file holds which of the export"),
        ("file: items.csv", "path: items", "RS301", "match: says nothing here"),
        ("sku: sku", "path: sku, sku: sku", "RS301", "path: needs JSON, and items.csv is a table"),
    ],
)
def test_mistakes(tmp_path: Path, before: str, after: str, code: str, message: str) -> None:
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    mapped = map_of().replace(before, after)
    with pytest.raises(BadMapError) as caught, opened(source(tmp_path, orders("1"), mapped)):
        pass
    assert (code, message) in [(each.code, each.message) for each in caught.value.mistakes]


def test_a_list_in_a_list_cannot_stand_in_a_file(tmp_path: Path) -> None:
    fields = "id: sku, name: sku, price: price, quantity: qty"
    inner = (
        f"  fulfillment: {{id: id, path: x, items: {{file: items.csv, match: {{order: id}}, {fields}}}}}\n"
    )
    (tmp_path / "items.csv").write_text(items("1;A;1;1"), encoding="utf-8")
    order = {"id": 1, "total": 2, "date": DAY, "mail": "a@b.com", "x": [{"id": 5}]}
    mapped = map_of(export="format: jsonl").replace("customer:", f"{inner}customer:")
    asked = dumps(order).decode() + "\n"
    with pytest.raises(BadMapError) as caught, opened(source(tmp_path, asked, mapped, "orders.jsonl")):
        pass
    assert "file: stands only in a list of the order itself" in [
        each.message for each in caught.value.mistakes
    ]


@pytest.mark.parametrize("rows", [["1;A"], ["1;A;1;1", '1;"A'], ['1;"A"b;1;1'], []])
def test_a_file_that_cannot_be_read_to_its_end_ends_the_run(tmp_path: Path, rows: list[str]) -> None:
    (tmp_path / "items.csv").write_text(items(*rows), encoding="utf-8")
    with pytest.raises(UnusableError) as caught, opened(source(tmp_path, orders("1"), map_of())):
        pass
    assert caught.value.message.startswith("items.csv, line ")


def test_a_file_that_holds_another_one_ends_the_run(tmp_path: Path) -> None:
    """Its rows may stand twice."""
    (tmp_path / "items.csv").write_text(items("1;A;1;1") * 2, encoding="utf-8")
    message = "items.csv, line 3: RS211 the header stands here again: two exports in one file"
    with pytest.raises(UnusableError, match=message), opened(source(tmp_path, orders("1"), map_of())):
        pass


def test_a_blank_line_of_the_other_file_is_passed_over(tmp_path: Path) -> None:
    assert told(tmp_path, orders("1"), items("1;A;1;1", "", "1;B;1;1")) == ["order 1 @2 x1"]


def test_a_full_disk_ends_the_run_in_words() -> None:
    with Joining() as joining:
        joining._connection.execute("PRAGMA max_page_count = 10")
        with pytest.raises(UnusableError, match="could not be kept"):
            joining.fill((str(n), n, b"x" * 1000) for n in range(2000))


KEYS = st.sampled_from(["1", "2", "3", ""])


@given(st.lists(KEYS, max_size=6), st.lists(KEYS, max_size=8))
def test_every_row_is_in_its_order_or_told(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str], keys: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("joined")
    rows = [f"{key};S{number};1;1" for number, key in enumerate(keys)] or ["9;X;1;1"]
    (folder / "items.csv").write_text(items(*rows), encoding="utf-8")
    given_orders = orders(*(ids or ["1"]))
    survey, account = surveyed(source(folder, given_orders, map_of(export="scattered: true")))
    account.check()
    assert survey.read.records == len(ids or ["1"])
    known = {each for each in ids or ["1"] if each}
    told_left = [each.problem.note for each in survey.findings if each.problem.code == "RS711"]
    left = sum(row.split(";")[0] not in known for row in rows)
    assert [note.partition(" ")[0] for note in told_left] == ([str(left)] if left else [])
