"""Presets: each reads an export in its platform's true form to exactly the events that stand beside it."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from richsync.cli import ledgers, options
from richsync.cli.app import application
from richsync.errors import BadMapError, UnusableError
from richsync.fieldmaps import bind, load
from richsync.fieldmaps.joinedfiles import joined_files
from richsync.pipeline.conversions import convert
from richsync.pipeline.readings import names_of
from richsync.pipeline.validations import validate
from richsync.plans import Place
from richsync.presets import PRESETS, map_text, recognised
from richsync.presets.fitting import fitted
from tests.readme import code, table
from tests.small import Quiet

EXAMPLES = Path(__file__).parent / "presets"
REST = """\
  orderId: Id
  amount: Sum
  createdAt: Day
  items: {id: Id, price: Sum, quantity: Sum}
richsync: 1
customer: {uid: Id}
"""
CONNECTED = ("shopify", "woocommerce", "magento")


def example(name: str) -> Path:
    """The export of a preset, that of the orders where there are two."""
    begins = PRESETS[name].partner[0] or f"{name}."
    (found,) = [each for each in EXAMPLES.glob(f"{begins}*") if ".events" not in each.suffixes]
    return found


@pytest.mark.parametrize("name", PRESETS)
def test_the_example_gives_exactly_its_events(tmp_path: Path, name: str) -> None:
    asked = options.source_of(str(example(name)), None, preset=name)
    written: list[bytes] = []
    found = convert([asked], Quiet(), written.extend, Place(tmp_path, "-o"))
    assert found.account.held == ""
    assert b"".join(each + b"\n" for each in written) == (EXAMPLES / f"{name}.events.jsonl").read_bytes()


@pytest.mark.parametrize("name", PRESETS)
def test_the_example_is_recognised_as_it_and_as_no_other(name: str) -> None:
    names = names_of(str(example(name)))
    assert recognised(names) is PRESETS[name]
    fitting = [each.name for each in PRESETS.values() if set(each.recognised_by) <= set(names)]
    assert fitting == [name]
    assert recognised([]) is None


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_what_it_is_for(name: str) -> None:
    text = map_text(PRESETS[name], "orders.csv")
    assert text.startswith("# ")
    assert ("Richpanel connects to this platform itself" in text) == name.startswith(CONNECTED)


def test_the_list_in_the_readme() -> None:
    shown = [(code(row[0])[0], row[1], tuple(code(row[2]))) for row in table("preset")]
    assert shown == [(each.name, each.of, each.recognised_by) for each in PRESETS.values()]


def test_a_map_is_recognised_where_one_is_missing(tmp_path: Path) -> None:
    export = shutil.copy(example("wix"), tmp_path)
    with pytest.raises(UnusableError, match="there is no field map") as raised:
        options.source_of(str(export), None)
    assert raised.value.hint.startswith(
        "it looks like Wix's orders export: say --preset wix; or richsync init"
    )
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(UnusableError) as raised:
        options.source_of(str(empty), None)
    assert raised.value.hint.startswith("richsync init")


@pytest.mark.parametrize(
    ("map_file", "name", "told"),
    [(None, "shopify", "there is no preset 'shopify'"), (Path("x.yaml"), "wix", "are two maps")],
)
def test_which_preset_is_meant_must_be_clear(map_file: Path | None, name: str, told: str) -> None:
    with pytest.raises(UnusableError, match=told):
        options.source_of("orders.csv", map_file, preset=name)


def test_a_preset_s_ledger_and_rejects_lie_beside_the_export(tmp_path: Path) -> None:
    export = Path(shutil.copy(example("square"), tmp_path))
    asked = options.source_of(str(export), None, preset="square")
    assert ledgers.ledger_of(asked, None, rehearsal=False) == tmp_path / "square.richsync"
    assert asked.map_option == ("--preset", "square")


NEEDED = {
    "amazon": {
        "amazon-order-id",
        "purchase-date",
        "asin",
        "quantity",
        "item-price",
        "item-tax",
        "shipping-price",
    }
    | {
        "shipping-tax",
        "gift-wrap-price",
        "gift-wrap-tax",
        "item-promotion-discount",
        "ship-promotion-discount",
    },
    "bigcommerce": {"Order ID", "Customer Email", "Order Date", "Order Total (inc tax)", "Product Details"},
    "ebay": {
        "Sales Record Number",
        "Order Number",
        "Buyer Username",
        "Buyer Email",
        "Item Number",
        "Quantity",
    }
    | {"Sold For", "Total Price", "Sale Date"},
    "etsy": {"Sale Date", "Order ID", "Buyer User ID", "Order Total"},
    "shopify-csv": {"Id", "Name", "Email", "Total", "Created at", "Lineitem quantity", "Lineitem price"}
    | {"Fulfillment Status"},  # perhaps it is called `Fulfilled at`
    "square": {"Date", "Time", "Time Zone", "Qty", "SKU", "Gross Sales", "Net Sales", "Tax", "Transaction ID"}
    | {"Event Type", "Customer ID"},
    "wix": {"Order number", "Date created", "Time", "Contact email", "SKU", "Qty", "Price", "Total"},
}
"""The columns without which an export is no order, or which may have been renamed: a mistake each."""


@pytest.mark.parametrize("name", NEEDED)
def test_an_export_can_lack_any_one_column_that_is_not_needed(name: str) -> None:
    """What is left of the preset is a map that fits, and does not name the column; else it is a mistake."""
    text = map_text(PRESETS[name], example(name).name)
    field_map = load(text, name)
    columns = tuple(names_of(str(example(name))))
    joined = joined_files(field_map.order)
    files = {each.name: tuple(names_of(str(EXAMPLES / each.column.name))) for each in joined}
    stopped = set[str]()
    for column in columns:
        left = [each for each in columns if each != column]
        made = fitted(text, field_map, left)
        assert len(made.text.splitlines()) == len(text.splitlines())
        assert {each.name for lack in made.passed_over for each in lack.columns} <= {column}
        if made.passed_over or column in NEEDED[name]:
            told = mistakes(made.text, left, files)
            assert all(repr(column) in each for each in told)
            stopped |= {column} if told else set()
    assert stopped == NEEDED[name]


def mistakes(text: str, columns: Sequence[str], files: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with a map for an export with these columns, and the columns of its other files."""
    try:
        bind(load(text, "map"), [*columns, *files], [], files)
    except BadMapError as error:
        return [each.message for each in error.mistakes]
    return []


def test_what_is_left_out_of_a_preset_s_text() -> None:
    text = """\
order:
  status: {from: State, lookup: {1: paid,
      2: open}}
  email:
    first_of:
      - Mail
      - Other mail
  billingPhone: {first_of: [Phone, Mobile, Cell]}
  orderName: "{Name}{Suffix|-}"
  custom:
    tags: {from: =yes, do: [only_if: {Tagged: filled}]}
"""
    made = fitted(text, load(f"{text}{REST}", "map"), ["Id", "Sum", "Day", "Mail", "Phone", "Cell", "Name"])
    assert (
        made.text
        == """\
order:
  # status: {from: State, lookup: {1: paid,  # not in this export: 'State'
  #     2: open}}
  email:
    first_of:
      - Mail
      # - Other mail  # not in this export: 'Other mail'
  billingPhone: {first_of: [Phone, Cell]}  # not in this export: 'Mobile'
  orderName: "{Name}-"  # not in this export: 'Suffix'
  # custom:
    # tags: {from: =yes, do: [only_if: {Tagged: filled}]}  # not in this export: 'Tagged'
"""
    )


def lacking(folder: Path, *columns: str) -> str:
    """The example of Wix without some columns: there are others in their place."""
    text = example("wix").read_text(encoding="utf-8")
    for number, column in enumerate(columns):
        assert f'"{column}"' in text
        text = text.replace(f'"{column}"', f'"Field {number}"', 1)
    (folder / "old.csv").write_text(text, encoding="utf-8")
    return str(folder / "old.csv")


def test_what_a_preset_passes_over_is_told_once(tmp_path: Path) -> None:
    asked = options.source_of(
        lacking(tmp_path, "Coupon code", "Variant", "Refunded amount", "Tracking number"), None, preset="wix"
    )
    found = validate([asked], Quiet())
    (told,) = [each.problem for each in found.surveys[0].findings if each.problem.code == "RS303"]
    assert told.severity == "warning"
    assert told.note == (
        "passed over, because the export lacks the columns: coupons ('Coupon code'), refundedAmount "
        "('Refunded amount'), a source of items.name ('Variant'), fulfillment ('Tracking number')"
    )
    assert "refundedAmount" not in {each.path for each in found.surveys[0].field_map.order.every}


def test_what_is_ignored_stays_so_where_a_preset_passes_over_fields(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = lacking(tmp_path, "Coupon code")
    asked = ["validate", export, "--preset", "wix", "--ignore", "RS509"]
    assert application("validate")(asked, standalone_mode=False) == 0
    told = capsys.readouterr().out
    assert ("RS303" in told, "RS509" in told) == (True, False)


def test_a_preset_is_written_out_as_it_was_read(tmp_path: Path) -> None:
    export = lacking(
        tmp_path, "Coupon code", "Billing phone", "Variant", "Refunded amount", "Tracking number"
    )
    application("init")(["init", export, "--preset", "wix", "--quiet"], standalone_mode=False)
    written = (tmp_path / "old.map.yaml").read_text(encoding="utf-8").splitlines()
    before = map_text(PRESETS["wix"], "old.csv").splitlines()
    refunded = 'refundedAmount: {from: Refunded amount, do: [number: "1234.56"]}'
    assert [line for line in written[1:] if line not in before] == [
        "  # coupons: Coupon code  # not in this export: 'Coupon code'",
        "  # billingPhone: Billing phone  # not in this export: 'Billing phone'",
        "    name: \"{Item} \"  # not in this export: 'Variant'",
        "  # fulfillment:  # not in this export: 'Tracking number'",
        '  #   id: "{Order number}-{Tracking number}"',
        "  #   tracking: {trackingNumber: Tracking number}",
        "  #   items:",
        "  #     id: {first_of: [SKU, Item]}",
        '  #     name: "{Item} {Variant|}"',
        "  #     price: Price",
        "  #     quantity: Qty",
        "  # custom:",
        f"    # {refunded}  # not in this export: 'Refunded amount'",
        "  uid: {first_of: [Contact email, \"guest-{Order number}\"]}  # not in this export: 'Billing phone'",
        "  # phone: Billing phone  # not in this export: 'Billing phone'",
    ]
    read = [validate([options.source_of(export, None, preset=name)], Quiet()) for name in ("wix", None)]
    assert read[0].account == read[1].account
    assert read[0].surveys[0].overview == read[1].surveys[0].overview


def test_a_preset_that_does_not_fit_is_mended_in_a_copy(tmp_path: Path) -> None:
    asked = options.source_of(lacking(tmp_path, "Contact email", "Coupon code"), None, preset="wix")
    with pytest.raises(BadMapError, match="preset wix has 1 mistake") as raised:
        validate([asked], Quiet())
    assert raised.value.hint.startswith(f"richsync init {asked.name} --preset wix writes it")


@pytest.mark.parametrize("more", [["EtsySoldOrderItems2025-9.csv"], ["--encoding", "cp1252"]])
def test_a_preset_is_written_for_one_export_as_it_is(tmp_path: Path, more: list[str]) -> None:
    given = [str(EXAMPLES / each) if each.endswith(".csv") else each for each in more]
    asked = ["init", str(example("etsy")), *given, "--preset", "etsy", "-o", str(tmp_path / "map.yaml")]
    with pytest.raises(UnusableError, match="for one export"):
        application("init")(asked, standalone_mode=False)
    assert list(tmp_path.iterdir()) == []


def test_init_writes_a_preset_out(tmp_path: Path) -> None:
    export = Path(shutil.copy(example("etsy"), tmp_path))
    shutil.copy(EXAMPLES / "EtsySoldOrderItems2025-9.csv", tmp_path)
    application("init")(["init", str(export), "--preset", "etsy", "--quiet"], standalone_mode=False)
    written = (tmp_path / "EtsySoldOrders2025-9.map.yaml").read_text(encoding="utf-8")
    assert "file: EtsySoldOrderItems2025-9.csv" in written
    assert written.startswith("# yaml-language-server: $schema=richsync.schema.json\n")
    assert (tmp_path / "richsync.schema.json").exists()
    assert application("validate")(["validate", str(export), "--quiet"], standalone_mode=False) == 0
