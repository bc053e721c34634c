"""Presets: each reads an export in its platform's true form to exactly the events that stand beside it."""

import shutil
from pathlib import Path

import pytest

from richsync.cli import ledgers, options
from richsync.cli.app import application
from richsync.errors import BadMapError, UnusableError
from richsync.pipeline.conversions import convert
from richsync.pipeline.surveys import names_of
from richsync.pipeline.validations import validate
from richsync.plans import Place
from richsync.presets import PRESETS, map_text, recognised
from tests.readme import code, table
from tests.small import Quiet

EXAMPLES = Path(__file__).parent / "presets"
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


def test_a_preset_that_does_not_fit_is_mended_in_a_copy(tmp_path: Path) -> None:
    text = example("wix").read_text(encoding="utf-8").replace("Coupon code", "Code")
    (tmp_path / "old.csv").write_text(text, encoding="utf-8")
    asked = options.source_of(str(tmp_path / "old.csv"), None, preset="wix")
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
