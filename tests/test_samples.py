"""The samples are what the generator writes, add up, and hold what their maps and `MISTAKES` say."""

import csv
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from richsync.fieldmaps import load
from tests.make_samples import FOLDER, MISTAKES, Mistake, comma, differing, main, point, samples
from tests.shop import GERMAN, TILL, WEBSHOP, Season, customers, purchases

NAMES = ("orders.csv", "bestellungen.csv", "webshop.jsonl", "orders_with_mistakes.csv")
MAPS = tuple(f"{name.rpartition('.')[0]}.map.yaml" for name in NAMES)


class Sums(NamedTuple):
    order: str
    lines: Decimal
    subtotal: Decimal
    tax: Decimal
    shipping: Decimal
    discount: Decimal
    total: Decimal


def rows(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def till() -> Iterator[Sums]:
    found = rows("orders.csv")
    for row in (row for row in found if row["Date"]):
        of_order = [each for each in found if each["Order"] == row["Order"]]
        lines = sum((Decimal(each["Price"]) * int(each["Quantity"]) for each in of_order), Decimal())
        cells = (row[name] for name in ("Subtotal", "Tax", "Shipping", "Discount", "Total"))
        yield Sums(row["Order"], lines, *map(Decimal, cells))


def german() -> Iterator[Sums]:
    def number(cell: str) -> Decimal:
        return Decimal(cell.replace(".", "").replace(",", "."))

    for row in rows("bestellungen.csv", ";"):
        cells = (row[name] for name in ("Zwischensumme", "MwSt", "Versand", "Rabatt", "Gesamt"))
        yield Sums(row["Bestellnr"], number(row["Einzelpreis"]) * int(row["Menge"]), *map(number, cells))


def webshop() -> Iterator[Sums]:
    for text in (FOLDER / "webshop.jsonl").read_text(encoding="utf-8").splitlines():
        order = json.loads(text)
        lines = sum((Decimal(line["price"]) * line["qty"] for line in order["lines"]), Decimal())
        cells = (order["sums"][name] or "0" for name in ("net", "tax", "post", "off", "total"))
        yield Sums(str(order["id"]), lines, *map(Decimal, cells))


EXPORTS = {"till": till, "german": german, "webshop": webshop}


def test_the_samples_are_what_the_generator_writes() -> None:
    assert tuple(samples()) == NAMES
    assert differing(FOLDER) == []


def test_check_tells_a_changed_and_a_missing_file_and_writing_mends_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    (tmp_path / "orders.csv").write_text("Order\n")
    (tmp_path / "webshop.jsonl").unlink()
    capsys.readouterr()
    assert main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out == "differs: orders.csv\ndiffers: webshop.jsonl\n"
    assert main([], tmp_path) == 0
    assert differing(tmp_path) == []
    assert main(["--chek"], tmp_path) == 2


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_small_and_end_lines_alike(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    assert len(content) < 150_000
    assert b"\r" not in content
    assert content.endswith(b"\n")


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_sums_add_up(export: Callable[[], Iterator[Sums]]) -> None:
    for sums in export():
        assert sums.lines == sums.subtotal, sums.order
        assert sums.subtotal + sums.tax + sums.shipping - sums.discount == sums.total, sums.order
        assert sums.total >= 0, sums.order


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_each_export_has_300_orders_some_free_and_some_discounted(
    export: Callable[[], Iterator[Sums]],
) -> None:
    found = list(export())
    assert len({sums.order for sums in found}) == len(found) == 300
    assert any(sums.total == 0 for sums in found)
    assert any(0 < sums.discount < sums.subtotal for sums in found)


def test_ids_and_periods_do_not_meet() -> None:
    seasons = [purchases(season) for season in (GERMAN, WEBSHOP, TILL)]
    assert len({int(sums.order) for export in EXPORTS.values() for sums in export()}) == 900
    for earlier, later in pairwise(seasons):
        assert earlier[-1].placed < later[0].placed


def test_german_rows_are_newest_first_with_zeros_kept() -> None:
    found = rows("bestellungen.csv", ";")
    numbers = [row["Bestellnr"] for row in found]
    assert numbers == sorted(numbers, reverse=True)
    assert all(number.startswith("00") for number in numbers)
    assert any(row["PLZ"].startswith("0") for row in found)
    assert any(row["Telefon"].startswith("0") for row in found)
    assert any("." in row["Einzelpreis"] for row in found)


def test_till_continuation_rows_hold_the_number_and_the_line_only() -> None:
    found = [row for row in rows("orders.csv") if not row["Date"]]
    assert len(found) > 100
    filled = {tuple(name for name, cell in row.items() if cell) for row in found}
    assert filled == {("Order", "SKU", "Product", "Price", "Quantity")}


def test_refunds_never_exceed_what_was_paid() -> None:
    refunded = [row for row in rows("orders.csv") if row["Refunded"]]
    assert {row["Payment"] for row in refunded} == {"refunded", "partially_refunded"}
    assert all(0 < Decimal(row["Refunded"]) <= Decimal(row["Total"]) for row in refunded)


def test_the_circle_of_customers() -> None:
    circle = customers()
    emails = [each.email for each in circle if each.email]
    assert len(set(emails)) == len(emails)
    assert any(not each.email and each.phone for each in circle)
    assert any(not each.email and not each.phone for each in circle)
    assert {"Søren", "Zoë", "太郎", "محمد", 'Anna "Anni"'} <= {each.first for each in circle}


@pytest.mark.parametrize("season", [GERMAN, WEBSHOP, TILL], ids=["german", "webshop", "till"])
def test_customers_come_back_on_other_days(season: Season) -> None:
    days = [(each.customer.number, each.placed.date()) for each in purchases(season)]
    back = {number for number, _ in days if len({day for other, day in days if other == number}) > 1}
    assert len(back) > 20


def test_the_spoiled_export_has_the_same_map() -> None:
    clean, spoiled = (FOLDER / f"{stem}.map.yaml" for stem in ("orders", "orders_with_mistakes"))
    assert clean.read_bytes() == spoiled.read_bytes()


@pytest.mark.parametrize("name", MAPS)
def test_maps_load_and_are_short(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    load(text, name)
    assert len(text.splitlines()) <= 50


def by_line(name: str) -> dict[int, list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        found, line = {}, 1
        for row in reader:
            found[line], line = row, reader.line_num + 1
        return found


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.code)
def test_each_mistake_stands_on_its_line(mistake: Mistake) -> None:
    table = by_line("orders_with_mistakes.csv")
    row, at = table[mistake.line], table[1].index(mistake.column)
    cells = 1 + (mistake.code == "RS202")
    assert row[0] == mistake.order
    assert ",".join(row[at : at + cells]) == mistake.cell
    assert len(row) == len(table[1]) + cells - 1


def test_one_order_comes_back_the_same_and_one_changed() -> None:
    found = list(by_line("orders_with_mistakes.csv").values())
    codes = {each.code: each.order for each in MISTAKES if each.code.startswith("RS7")}
    again = {code: [row for row in found if row[0] == order] for code, order in codes.items()}
    assert set(again) == {"RS701", "RS703"}
    for code, of_order in again.items():
        half = len(of_order) // 2
        assert (of_order[:half] == of_order[half:]) == (code == "RS701")


@pytest.mark.parametrize(
    ("hundredths", "with_point", "with_comma"),
    [
        (0, "0.00", "0,00"),
        (5, "0.05", "0,05"),
        (123450, "1234.50", "1.234,50"),
        (100000000, "1000000.00", "1.000.000,00"),
    ],
)
def test_money(hundredths: int, with_point: str, with_comma: str) -> None:
    assert (point(hundredths), comma(hundredths)) == (with_point, with_comma)
