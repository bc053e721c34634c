"""Records that stand apart and belong together: scattered rows, parent pointers, orders that come again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.accounts import Account
from richsync.cli.app import application
from richsync.errors import BadMapError, UnusableError
from richsync.fieldmaps import load
from richsync.gathering import Gathering
from richsync.jsontext import dumps
from richsync.model import Disposition, Odd, Order, Part, Record, Reject
from richsync.pipeline.readings import opened
from richsync.pipeline.surveys import Survey
from tests.small import DAY, HEADER, brief, map_text, row, source, surveyed, table

SCATTERED = "scattered: true"
PARENT_MAP = """\
richsync: 1
export: {{parent: {parent}{more}}}
order:
  orderId: {{from: id, do: [replace: ["gid://shopify/Order/", ""]]}}
  amount: total
  createdAt: date
  items: {{path: "{path}", sku: sku, price: price, quantity: qty}}
customer: {{email: mail}}
"""


def briefs(folder: Path, export: str, mapped: str, name: str = "orders.csv") -> list[str]:
    with opened(source(folder, export, mapped, name)) as reading:
        return [brief(each) for each in reading.orders]


def checked(folder: Path, export: str, mapped: str, name: str = "orders.csv") -> tuple[Survey, Account]:
    survey, account = surveyed(source(folder, export, mapped, name))
    account.check()
    return survey, account


def told(survey: Survey) -> list[str]:
    """Errors and warnings: `RS702@4 warning`."""
    return [f"{each.problem.code}@{each.first} {each.severity}" for each in survey.findings if each.first]


# scattered rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("1"), row("2"), row("1", sku="B")], ["order 1 @2 x2", "order 2 @3 x1"]),
        ([row("2"), row("1"), row("2"), row("1")], ["order 2 @2 x2", "order 1 @3 x2"]),
        ([row("1"), row("2"), row("1", qty="0")], ["reject 1 @2 x2: RS504 items.quantity", "order 2 @3 x1"]),
        ([row("1"), row("2"), "1,2"], ["reject 1 @2 x2 loose: RS203", "order 2 @3 x1"]),
        ([row("1"), row("2"), '1,"a"b'], ["reject 1 @2 x2 loose: RS205", "order 2 @3 x1"]),
        (['2,"a"b', row("1"), row("2")], ["order 1 @3 x1", "reject 2 @4 x2 loose: RS205"]),
        ([row("1"), '8,"a"b', row("2")], ["order 1 @2 x1", "reject  @3 x1 loose: RS205", "order 2 @4 x1"]),
        ([row("1"), "", row("2")], ["skipped @3: not a record", "order 1 @2 x1", "order 2 @4 x1"]),
        ([row(""), row("1"), row("")], [
            "reject  @2 x1: RS401 orderId", "order 1 @3 x1", "reject  @4 x1: RS401 orderId",
        ]),
    ],
)  # fmt: skip
def test_rows_that_stand_apart_are_one_order(tmp_path: Path, rows: list[str], expected: list[str]) -> None:
    assert briefs(tmp_path, table(*rows), map_text(SCATTERED)) == expected


@pytest.mark.parametrize(
    ("export", "rows", "expected"),
    [
        (
            "scattered: true, group: [id, note]",
            [row("1", note="x"), row("2", note="x"), '1,"a"b,x', row("1", note="y"), row("1", note="x")],
            ["reject 1 @2 x3 loose: RS205", "order 2 @3 x1", "order 1 @5 x1"],
        ),
        (
            "scattered: true, fill_down: id",
            [row("1"), row(""), row("2"), row("1"), row("")],
            ["order 1 @2 x4", "order 2 @4 x1"],
        ),
        (
            "scattered: true, fill_down: id",
            [row("1"), row("2"), '"a"b', row("1")],
            ["order 1 @2 x2", "reject 2 @3 x2 loose: RS205"],
        ),
        (
            "scattered: true, fill_down: note",
            [row("1"), row("2"), row("1", note="x")],
            ["order 1 @2 x2", "order 2 @3 x1"],
        ),
        (
            "scattered: true, where: {note: a}",
            [row("1", note="a"), row("2"), row("1"), '1,"a"b'],
            ["skipped @4: where", "skipped @3: where", "reject 1 @2 x2 loose: RS205"],
        ),
        (
            "scattered: true, where: {note: a}",
            [row("1"), row("2", note="a"), '1,"a"b'],
            ["skipped @2: where", "reject  @4 x1 loose: RS205", "order 2 @3 x1"],
        ),
        ("scattered: false", [row("1"), row("2"), row("1")], [
            "order 1 @2 x1", "order 2 @3 x1", "order 1 @4 x1",
        ]),
    ],
)  # fmt: skip
def test_scattered_rows_with_other_settings(
    tmp_path: Path, export: str, rows: list[str], expected: list[str]
) -> None:
    assert briefs(tmp_path, table(*rows), map_text(export)) == expected


def test_gathered_rows_are_a_valid_export_and_reach_the_rejects_as_they_stood(tmp_path: Path) -> None:
    first, other, second = row("1", note='"a,\nb"'), row("2"), row("1", qty="0")
    with opened(source(tmp_path, table(first, other, second), map_text(SCATTERED))) as reading:
        (reject, order) = list(reading.orders)
    assert isinstance(reject, Reject)
    assert isinstance(order, Order)
    assert reject.raw == f"{first}\n{second}\n"
    assert [each.line for each in reject.problems] == [5]


def test_without_it_rows_apart_stay_an_error(tmp_path: Path) -> None:
    text = table(row("1"), row("2"), row("1", sku="B"))
    assert told(checked(tmp_path, text, map_text("group: id"))[0]) == ["RS703@4 error"]
    assert told(checked(tmp_path, text, map_text(SCATTERED))[0]) == []


@pytest.mark.parametrize(
    ("export", "said"), [("group: id", "rows next to each other with"), (SCATTERED, "  rows with")]
)
def test_it_is_said_which_rows_are_one_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], export: str, said: str
) -> None:
    asked = source(tmp_path, table(row("1"), row("1", sku="B")), map_text(export))
    application("validate")(["validate", asked.name], standalone_mode=False)
    assert f"{said} the same key are one order" in capsys.readouterr().err


def test_many_rows_are_gathered_whole(tmp_path: Path) -> None:
    rows = [row(str(n)) for n in range(700)]
    found = briefs(tmp_path, table(*rows, *reversed(rows)), map_text(SCATTERED))
    assert found == [f"order {n} @{n + 2} x2" for n in range(700)]


def test_a_full_disk_ends_the_run_in_words(tmp_path: Path) -> None:
    with Gathering() as gathering:
        gathering._connection.execute("PRAGMA max_page_count = 10")
        records: list[Record] = [(n, ["x" * 1000], "") for n in range(2000)]
        with pytest.raises(UnusableError, match="could not be gathered"):
            list(gathering.scattered(records, lambda _row: "", goes_on=False))


@pytest.mark.parametrize("export", [SCATTERED, "repeats: last"])
def test_a_dry_run_reads_it_as_validate_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], export: str
) -> None:
    rows = row("1"), row("2"), row("1", total="8"), row("3", qty="0"), row("2", qty="x")
    asked = source(tmp_path, table(*rows), map_text(export))
    code = application("import")(
        ["import", asked.name, "--dry-run", "--skip-invalid", "--quiet"], standalone_mode=False
    )
    rejected = (tmp_path / "orders.rejects.csv").read_text(encoding="utf-8").splitlines()
    expected = {SCATTERED: ["2", "2", "3"], "repeats: last": ["2", "3", "2"]}
    assert (code, [each.split(",")[0] for each in rejected[1:]]) == (1, expected[export])
    assert "5 records" in capsys.readouterr().out


# parent pointers


def line(number: str, **members: Any) -> str:
    return dumps({"id": number, **members}).decode() + "\n"


def order_line(number: str, **members: Any) -> str:
    return line(number, **{"total": 2, "date": DAY, "mail": "a@b.com", **members})


def item_line(number: str, parent: str, **members: Any) -> str:
    return line(number, **{"sku": "A", "price": 1.10, "qty": 2, "__parentId": parent, **members})


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


ONE, TWO = gid("Order", 1), gid("Order", 2)
ITEM = gid("LineItem", 7)


def parent_map(path: str = "LineItem", more: str = "", parent: str = "__parentId") -> str:
    return PARENT_MAP.format(path=path, more=f", {more}" if more else "", parent=parent)


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        ([order_line(ONE), item_line(ITEM, ONE)], "LineItem", ["order 1 @1 x2"]),
        ([item_line(ITEM, ONE), order_line(ONE)], "LineItem", ["order 1 @2 x2"]),
        (
            [order_line(ONE), order_line(TWO), item_line(ITEM, TWO), item_line(gid("LineItem", 8), ONE)],
            "LineItem",
            ["order 1 @1 x2", "order 2 @2 x2"],
        ),
        ([order_line("1"), item_line("7", "1")], "children", ["order 1 @1 x2"]),
        (
            [order_line("1"), line("5", __parentId="1"), item_line("7", "5")],
            "children[0].children",
            ["order 1 @1 x3"],
        ),
        ([order_line(ONE, LineItem=None), item_line(ITEM, ONE)], "LineItem", ["order 1 @1 x2"]),
        (
            [order_line(ONE, LineItem={"sku": "Z", "price": 1, "qty": 1}), item_line(ITEM, ONE)],
            "LineItem",
            ["order 1 @1 x2"],
        ),
        ([order_line(ONE), item_line(ITEM, ONE, qty=0)], "LineItem",
         ["reject 1 @1 x2: RS504 items.quantity"]),
        ([order_line(ONE), item_line(ITEM, ONE), item_line(ITEM, TWO)], "LineItem",
         ["order 1 @1 x2", "reject  @3 x1 loose: RS712"]),
        ([order_line(ONE), item_line(ITEM, ONE), item_line("a", "b"), item_line("b", "a")], "LineItem",
         ["order 1 @1 x2", "reject  @3 x1 loose: RS712", "reject  @4 x1 loose: RS712"]),
        ([order_line(ONE), item_line(ITEM, ONE), line("7", __parentId={"id": 1})], "LineItem",
         ["order 1 @1 x2", "reject  @3 x1 loose: RS712"]),
        ([order_line(ONE), '{"id": "x", "__parentId": "gid://shopify/Order/1", ]\n', item_line(ITEM, ONE)],
         "LineItem", ["reject 1 @1 x3 loose: RS220"]),
        ([order_line(ONE), item_line(ITEM, ONE), "{]\n", "\n"], "LineItem",
         ["order 1 @1 x2", "skipped @4: not a record", "reject  @3 x1 loose: RS220"]),
        ([order_line(ONE), order_line(ONE, total=3), item_line(ITEM, ONE)], "LineItem",
         ["order 1 @1 x2", "reject 1 @2 x1: RS402 items"]),
    ],
)  # fmt: skip
def test_lines_become_members_of_the_record_they_point_at(
    tmp_path: Path, lines: list[str], path: str, expected: list[str]
) -> None:
    assert briefs(tmp_path, "".join(lines), parent_map(path), "orders.jsonl") == expected


def test_a_family_is_read_like_one_record_without_losing_a_digit(tmp_path: Path) -> None:
    text = order_line(ONE) + item_line(ITEM, ONE).replace("1.1,", "1.10,")
    with opened(source(tmp_path, text, parent_map(), "orders.jsonl")) as reading:
        (order,) = reading.orders
    assert isinstance(order, Order)
    assert order.properties["items"] == [{"id": "A", "price": 1.1, "quantity": 2, "sku": "A"}]
    assert order.raw == text


def test_a_child_s_change_changes_the_fingerprint(tmp_path: Path) -> None:
    def fingerprint(item: str) -> bytes:
        with opened(source(tmp_path, order_line(ONE) + item, parent_map(), "orders.jsonl")) as reading:
            (order,) = reading.orders
        assert isinstance(order, Order)
        return order.fingerprint

    assert fingerprint(item_line(ITEM, ONE)) != fingerprint(item_line(ITEM, ONE, note="x"))


def test_where_skips_an_order_with_all_that_is_below_it(tmp_path: Path) -> None:
    lines = order_line(ONE, kind="x"), item_line(ITEM, ONE), '{"__parentId": "gid://shopify/Order/1", ]\n'
    found = briefs(tmp_path, "".join(lines), parent_map(more="where: {kind: y}"), "orders.jsonl")
    assert found == ["skipped @1: where", "skipped @2: where", "reject  @3 x1 loose: RS220"]


@pytest.mark.parametrize(
    ("export", "message"),
    [
        ("scattered: maybe", "scattered: is `true` or `false`"),
        ("repeats: latest", "repeats: is one of reject, first, last, newest"),
        ("parent: up, group: id", "group: has no meaning beside parent:"),
        ("parent: up, scattered: true", "scattered: has no meaning beside parent:"),
        ("parent: [a, b]", "parent: takes one value"),
    ],
)
def test_mistakes(export: str, message: str) -> None:
    with pytest.raises(BadMapError) as caught:
        load(map_text(export), "map")
    assert [message in each.message for each in caught.value.mistakes] == [True]


def test_a_table_has_no_parents(tmp_path: Path) -> None:
    asked = source(tmp_path, table(row("1")), map_text("parent: note"))
    with pytest.raises(BadMapError) as caught, opened(asked):
        pass
    (mistake,) = caught.value.mistakes
    assert (mistake.line, "parent: needs JSON" in mistake.message) == (2, True)


# orders that come again


AGAIN = (
    row("1", date="2024-03-05"),
    row("2"),
    row("1", date="2024-03-07"),
    row("3"),
    row("1", date="2024-03-06"),
)


@pytest.mark.parametrize(
    ("repeats", "taken", "findings"),
    [
        ("reject", "", ["RS702@4 error"]),
        ("first", "2024-03-05", ["RS702@4 warning"]),
        ("last", "2024-03-06", ["RS702@2 warning"]),
        ("newest", "2024-03-07", ["RS702@2 warning"]),
    ],
)
def test_the_map_says_which_of_several_orders_counts(
    tmp_path: Path, repeats: str, taken: str, findings: list[str]
) -> None:
    survey, account = checked(tmp_path, table(*AGAIN), map_text(f"timezone: UTC, repeats: {repeats}"))
    assert told(survey) == findings
    assert account.of(Disposition.PENDING).orders == (3 if taken else 2)
    assert account.of(Disposition.REJECTED).orders == (0 if taken else 3)
    notes = {sample.problem.note for each in survey.findings for sample in each.samples if each.first}
    lines = {"2024-03-05": 2, "2024-03-07": 4, "2024-03-06": 6}
    assert not taken or notes == {f"the one on line {lines[taken]} is taken"}


@pytest.mark.parametrize(
    ("repeats", "rows", "findings", "pending"),
    [
        ("last", [row("1"), row("2"), row("1", total="8"), row("3"), row("1")],
         ["RS701@2 warning", "RS702@4 warning"], 3),
        ("last", [row("1"), row("2"), row("1", total="x")], ["RS501@4 error", "RS702@4 error"], 1),
        ("newest", [row("1"), row("2"), row("1", total="x")], ["RS501@4 error", "RS702@4 error"], 1),
        ("first", [row("1"), row("2"), row("1", total="x")], ["RS501@4 error"], 2),
        ("last", [row("1"), row("2"), row("2", sku="B"), row("1", total="8")], ["RS703@5 error"], 1),
    ],
)  # fmt: skip
def test_an_order_is_never_sent_in_place_of_one_that_is_broken(
    tmp_path: Path, repeats: str, rows: Sequence[str], findings: list[str], pending: int
) -> None:
    survey, account = checked(tmp_path, table(*rows), map_text(f"repeats: {repeats}"))
    assert told(survey) == findings
    assert account.of(Disposition.PENDING).orders == pending


# whatever comes


IDS = st.sampled_from(["1", "2", "3", "", "a b"])
LINES = st.one_of(
    st.builds(lambda order_id, note: row(order_id, note=note), IDS, st.sampled_from(["", "x", "#REF!"])),
    st.sampled_from(["", HEADER, "1,2", '2,"a"b', f"{row('3')},x", ",,,,,,,"]),
)


SETTINGS = st.sampled_from(["", ", fill_down: id", ", group: [id, note]", ", where: {note: x}"])


@given(st.lists(LINES, max_size=15), SETTINGS)
def test_every_scattered_record_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], more: str
) -> None:
    folder = tmp_path_factory.mktemp("scattered")
    survey, account = checked(folder, table(*rows), map_text(f"{SCATTERED}{more}"))
    counted = sum(account.of(each).records for each in Disposition)
    assert counted == len(rows)
    assert survey.read.records == counted
    assert not any(each.problem.code == "RS703" for each in survey.findings)


NODES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", "", *"abcdefg"])),
    max_size=12,
)


@given(NODES)
def test_every_line_belongs_to_one_order(nodes: list[tuple[str, str]]) -> None:
    records: list[Record] = []
    for number, (own, parent) in enumerate(nodes, 1):
        members = {"id": own} | ({"up": parent} if parent else {})
        records.append((number, members, dumps(members).decode()))
    with Gathering() as gathering:
        found = list(gathering.families(records, "up"))
    assert sorted(each[0] for each in found) == list(range(1, len(nodes) + 1))
    roots = {number: row for number, row, _ in found if isinstance(row, dict)}
    assert set(roots) >= {n for n, (_, parent) in enumerate(nodes, 1) if not parent}
    assert all(nodes[n - 1][1] in ("", nodes[n - 1][0]) for n in roots)
    inside = sum(_members(each) - 1 for each in roots.values())
    assert inside == sum(isinstance(each[1], Part) for each in found)
    assert len(roots) + inside + sum(isinstance(each[1], Odd) for each in found) == len(nodes)


def _members(value: dict[str, Any]) -> int:
    return 1 + sum(_members(each) for each in value.get("children", []))
