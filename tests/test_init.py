"""`richsync init`: what it writes, what it keeps, and what is left to be decided."""

from pathlib import Path

import pytest

from richsync.errors import BadMapError
from richsync.fieldmaps import bind, load
from tests.support import run_richsync

SHOP = """\
Bestellnr;Datum;Summe;E-Mail;Artikel;Menge;Einzelpreis
4001;05.03.2024;19,00;anna@example.com;Tee;2;9,50
4002;17.03.2024;12,00;ben@example.com;Becher;1;12,00
"""


def test_a_draft_is_written_checked_and_kept(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text(SHOP, encoding="utf-8")
    made = run_richsync("init", "shop.csv", cwd=tmp_path)
    assert (made.code, made.out, made.err.partition(":")[0]) == (0, "", "shop.map.yaml")
    assert made.err.splitlines()[-1] == "next: read it, then richsync validate shop.csv"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "richsync.schema.json",
        "shop.csv",
        "shop.map.yaml",
    ]
    text = (tmp_path / "shop.map.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=richsync.schema.json\n")
    assert "Anna" not in text
    assert "anna" not in text
    assert run_richsync("validate", "shop.csv", cwd=tmp_path).code == 0
    again = run_richsync("init", "shop.csv", cwd=tmp_path)
    assert again.code == 2
    assert "--force" in again.err
    assert run_richsync("init", "shop.csv", "-o", "-", cwd=tmp_path).out == text


def test_what_is_left_is_named_by_validate(tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("Order ID,Customer Name\n1,Anna Berg\n2,Ben Holm\n", encoding="utf-8")
    made = run_richsync("init", "short.csv", cwd=tmp_path)
    assert "left to be decided: amount, createdAt, items" in made.err
    checked = run_richsync("validate", "short.csv", cwd=tmp_path)
    assert checked.code == 2
    assert checked.err.count("RS305") == 3


def test_a_file_that_cannot_be_read_has_no_draft(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    ended = run_richsync("init", "empty.csv", cwd=tmp_path)
    assert (ended.code, list(tmp_path.glob("*.yaml"))) == (2, [])


def test_files_of_one_export_stand_together(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shop.csv").write_text(SHOP, encoding="utf-8")
    ended = run_richsync("init", "shop.csv", "../b", cwd=tmp_path / "a")
    assert (ended.code, "different folders" in ended.err) == (2, True)


UNDECIDED = """\
richsync: 1
export: {dates: TODO, group: TODO}
order: {orderId: TODO, amount: TODO, createdAt: d, items: TODO, status: {column: TODO}}
customer: {uid: TODO}
"""


def test_a_map_that_is_not_decided_loads_and_is_not_bound() -> None:
    field_map = load(UNDECIDED, "map")
    with pytest.raises(BadMapError) as raised:
        bind(field_map, ["d", "TODO"], [])
    told = [(each.code, each.line, each.message.partition(" is ")[0]) for each in raised.value.mistakes]
    assert told == [
        ("RS305", 2, "dates:"),
        ("RS305", 2, "group:"),
        ("RS305", 3, "orderId"),
        ("RS305", 3, "amount"),
        ("RS305", 3, "items"),
        ("RS305", 4, "customer.uid"),
    ]
