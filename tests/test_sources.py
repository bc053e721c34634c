"""Several exports in one run: one plan and one ledger, findings and rejects of each its own."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from richsync.accounts import Tally
from richsync.cli import ledgers, options
from richsync.cli.app import application
from richsync.cli.written import read_by
from richsync.errors import BadMapError, UnusableError
from richsync.files import written_whole
from richsync.jsontext import dumps
from richsync.model import Disposition, SkipReason
from richsync.pipeline.imports import import_orders
from richsync.pipeline.readings import Source
from richsync.pipeline.validations import Surveyed, validate
from richsync.reports import imported, validated
from tests.importing import Said, job
from tests.small import HEADER, Quiet, map_text, row, source, table
from tests.support import KEY, Receiver, receiving

MAP = map_text("timezone: UTC")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def sources(folder: Path, *tables: str, mapped: str = MAP) -> list[Source]:
    """Exports named `0.csv`, `1.csv`, …, of one map."""
    return [source(folder, each, mapped, f"{number}.csv") for number, each in enumerate(tables)]


def surveyed(folder: Path, *tables: str) -> Surveyed:
    return validate(sources(folder, *tables), Quiet())


def codes(found: Surveyed) -> list[list[str]]:
    return [
        [f"{each.problem.code}@{each.first}" for each in survey.findings if each.problem.code != "RS307"]
        for survey in found.surveys
    ]


def test_each_finding_is_of_its_source_and_the_totals_are_of_all(tmp_path: Path) -> None:
    found = surveyed(tmp_path, table(row("1"), row("2", total="x")), table(row("3", date="soon"), row("4")))
    assert codes(found) == [["RS501@3"], ["RS506@2"]]
    assert [survey.export.name for survey in found.surveys] == [str(tmp_path / f"{n}.csv") for n in (0, 1)]
    assert [survey.account().of(Disposition.REJECTED) for survey in found.surveys] == [Tally(1, 1)] * 2
    assert found.account.read == Tally(4, 4)
    assert found.account.of(Disposition.REJECTED) == Tally(2, 2)
    assert (found.overview.orders, [survey.overview.orders for survey in found.surveys]) == (2, [1, 1])


APART = row("2")
BAD, OLD, NEW, OTHER = (row("1", total=each) for each in ("x", "1", "2", "3"))


@pytest.mark.parametrize(
    ("tables", "expected", "sent"),
    [
        (([OLD], [NEW]), {"skipped": 1, "pending": 1}, 2.0),
        (([NEW], [OLD]), {"skipped": 1, "pending": 1}, 1.0),
        (([OLD], [OLD]), {"skipped": 1, "pending": 1}, 1.0),
        (([OLD], [NEW], [OTHER]), {"skipped": 2, "pending": 1}, 3.0),
        (([OLD, APART, OLD], [NEW]), {"skipped": 2, "pending": 2}, 2.0),
        (([OLD, APART, NEW], [OTHER]), {"rejected": 2, "pending": 2}, 3.0),
        (([BAD], [NEW]), {"rejected": 1, "pending": 1}, 2.0),
        (([OLD], [BAD]), {"skipped": 1, "rejected": 1}, None),
        (([OLD], [NEW, APART, OTHER]), {"skipped": 1, "rejected": 2, "pending": 1}, None),
    ],
    ids=[
        "the later is newer",
        "the later is older",
        "both alike",
        "three",
        "twice in the earlier",
        "the earlier contradicts itself",
        "the earlier is bad",
        "the later is bad",
        "the later contradicts itself",
    ],
)
def test_the_later_source_decides_what_an_order_is(
    tmp_path: Path, receiver: Receiver, tables: list[list[str]], expected: dict[str, int], sent: float | None
) -> None:
    """Also when its form is rejected: an older form never takes the place of a newer one."""
    given = sources(tmp_path, *(table(*rows) for rows in tables))
    found = validate(given, Quiet())
    assert {str(each): found.account.of(each).orders for each in Disposition} == (
        dict.fromkeys(map(str, Disposition), 0) | expected
    )
    assert found.account.skipped.get(SkipReason.DUPLICATE, Tally()).orders == expected.get("skipped", 0)
    import_orders(job(given, receiver.origin, skip_invalid=True), Said())
    amounts = {name: each["properties"]["amount"] for name, each in receiver.orders.items()}
    assert amounts.get("1") == sent


def test_one_ledger_and_one_account_and_rejects_of_each(tmp_path: Path, receiver: Receiver) -> None:
    given = sources(
        tmp_path, table(row("1"), row("2", total="x")), table(row("3"), row("4"), row("5", qty="0"))
    )
    made = import_orders(job(given, receiver.origin, skip_invalid=True), Said())
    assert made.account.of(Disposition.ACCEPTED) == Tally(3, 3)
    assert made.exit_code == 1
    kept = [(tmp_path / f"{n}.rejects.csv").read_text().splitlines() for n in (0, 1)]
    assert [rows[0].startswith(HEADER) for rows in kept] == [True, True]
    assert [[each[0] for each in rows[1:]] for rows in kept] == [["2"], ["5"]]
    report = json.loads(dumps(imported(made, show_values=False)))
    assert [each["rejects"] for each in report["sources"]] == [
        str(tmp_path / f"{n}.rejects.csv") for n in (0, 1)
    ]
    assert [each["counts"]["bad_orders"] for each in report["sources"]] == [1, 1]
    assert report["account"]["accepted"] == {"orders": 3, "records": 3}
    again = import_orders(job(given, receiver.origin, skip_invalid=True), Said())
    assert again.account.of(Disposition.UNCHANGED) == Tally(3, 3)


def test_orders_of_all_sources_go_out_oldest_first(tmp_path: Path, receiver: Receiver) -> None:
    newest_first = table(*(row(f"b{day}", date=f"2024-01-{day}") for day in (29, 20, 20, 11)))
    rows = [
        table(row("a10", date="2024-01-10"), row("a20", date="2024-01-20"), row("a30", date="2024-01-30")),
        newest_first.replace("b20", "b20x", 1),
    ]
    import_orders(job(sources(tmp_path, *rows), receiver.origin), Said())
    assert [each["properties"]["orderId"] for each in receiver.events] == [
        *("a10", "b11", "a20", "b20", "b20x", "b29", "a30")
    ]


def test_changed_ids_are_told_in_their_source(tmp_path: Path, receiver: Receiver) -> None:
    given = sources(tmp_path, table(row("1")), table(row("2"), row("3")))
    import_orders(job(given, receiver.origin), Said())
    renamed = sources(
        tmp_path, table(row("1")), table(row("2"), row("3")), mapped=MAP.replace(": id", ": 'N{id}'")
    )
    made = import_orders(job(renamed, receiver.origin), Said())
    assert [[(g.problem.code, g.count, g.first) for g in s.findings] for s in made.outlook.surveys] == [
        [("RS706", 1, 2)],
        [("RS706", 2, 2)],
    ]


def test_a_fault_in_one_file_keeps_all_of_them_back(tmp_path: Path, receiver: Receiver) -> None:
    made = import_orders(
        job(sources(tmp_path, table(), table(row("1"))), receiver.origin, skip_invalid=True), Said()
    )
    assert (made.exit_code, made.account.of(Disposition.PENDING).orders, receiver.requests) == (1, 1, [])


def test_a_map_that_does_not_fit_is_told_before_any_export_is_read(tmp_path: Path) -> None:
    (good,) = sources(tmp_path, table(row("1")))
    bad = source(tmp_path, table(row("1")).replace("total", "sum"), MAP, "bad.csv")
    watched: list[object] = []

    class Watching(Quiet):
        def checked(self, survey: object) -> None:
            watched.append(survey)

    with pytest.raises(BadMapError):
        validate([good, bad], Watching())
    assert watched == []


# the command line


def files(folder: Path, *names: str) -> list[str]:
    """Exports with a map each, as the command line names them."""
    return [source(folder, table(row(name)), MAP, name).name for name in names]


def test_one_map_for_all_or_each_its_own(tmp_path: Path) -> None:
    names = files(tmp_path, "a.csv", "b.csv")
    own = options.sources_of(names, None)
    assert [each.map_file.name for each in own] == ["a.map.yaml", "b.map.yaml"]
    one = options.sources_of(names, tmp_path / "b.map.yaml")
    assert [each.map_file.name for each in one] == ["b.map.yaml", "b.map.yaml"]


@pytest.mark.parametrize("again", ["a.csv", "./a.csv"])
def test_an_export_is_named_once(tmp_path: Path, again: str) -> None:
    files(tmp_path, "a.csv")
    with pytest.raises(UnusableError, match="more than once"):
        options.sources_of([str(tmp_path / "a.csv"), f"{tmp_path}/{again}"], None)
    with pytest.raises(UnusableError, match="more than once"):
        options.sources_of(["-", "-"], tmp_path / "a.map.yaml")


@pytest.mark.parametrize("name", ["a\n::error::b.csv", "Bestellungen \udcfcber.csv"])
def test_a_name_that_no_report_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    files(tmp_path, "a.csv")
    for asked in ((name, tmp_path / "a.map.yaml"), (str(tmp_path / "a.csv"), tmp_path / name)):
        with pytest.raises(UnusableError, match=re.escape(repr(name)[1:-1])):
            options.source_of(*asked)


def test_a_link_that_leads_to_itself_cannot_be_read(tmp_path: Path) -> None:
    files(tmp_path, "a.csv")
    (tmp_path / "b.csv").symlink_to("b.csv")
    (asked,) = options.sources_of([str(tmp_path / "b.csv")], tmp_path / "a.map.yaml")
    assert read_by([asked]) == {tmp_path / "a.map.yaml", tmp_path / "b.csv"}
    with pytest.raises(UnusableError, match="symbolic links"):
        validate([asked], Quiet())


@pytest.mark.parametrize("name", [".", "/", ""])
def test_a_folder_is_no_export(name: str) -> None:
    with pytest.raises(UnusableError, match="is not a file"):
        options.sources_of([name], None)


@pytest.mark.parametrize(
    ("existing", "expected"), [([], "a"), (["a"], "a"), (["b"], "b"), (["a", "b"], None)]
)
def test_the_ledger_is_the_one_they_have(tmp_path: Path, existing: list[str], expected: str | None) -> None:
    given = options.sources_of(files(tmp_path, "a.csv", "b.csv"), None)
    for name in existing:
        (tmp_path / f"{name}.richsync").touch()
    told = tmp_path / "told.richsync"
    assert ledgers.ledger_for(given, told, rehearsal=False) == told
    if expected is None:
        with pytest.raises(UnusableError, match=r"several ledgers: .*a\.richsync, .*b\.richsync"):
            ledgers.ledger_for(given, None, rehearsal=False)
    else:
        assert ledgers.ledger_for(given, None, rehearsal=False) == tmp_path / f"{expected}.richsync"


@pytest.mark.parametrize(
    ("names", "options_", "told"),
    [
        (["a.csv", "b.csv"], ["--rejects", "r.csv"], "--rejects names one file, and there are 2 sources"),
        (["a.csv"], ["--rejects", "."], "is a folder"),
        (["a.csv", "a.rejects.csv"], [], "which this run reads"),
        (["a.csv", "a.csv.gz"], [], "which this run writes for another source"),
    ],
)
def test_no_rejects_file_takes_the_place_of_another(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    names: list[str],
    options_: list[str],
    told: str,
) -> None:
    files(tmp_path, "a.csv", "b.csv")
    with written_whole(tmp_path / "a.rejects.csv", "the rejects", "") as rejects:
        rejects.write(table(row("a.rejects.csv")))
    (tmp_path / "a.rejects.map.yaml").write_text(MAP)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    command = ["import", *(str(tmp_path / name) for name in names), *options_, "--yes", "--api-key", KEY]
    with pytest.raises(UnusableError, match=told):
        application("import")(command, standalone_mode=False)


def test_the_screen_shows_each_source_and_one_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], receiver: Receiver
) -> None:
    given = files(tmp_path, "a.csv", "b.csv")
    assert application("validate")(["validate", *given], standalone_mode=False) == 0
    shown = capsys.readouterr()
    assert "a.csv: csv" in shown.err
    assert "b.csv: csv" in shown.err
    assert "2 orders in 2 records: 2 valid" in shown.out
    assert application("validate")(["validate", "--json", *given], standalone_mode=False) == 0
    report = json.loads(capsys.readouterr().out)
    assert [Path(each["source"]["path"]).name for each in report["sources"]] == ["a.csv", "b.csv"]
    assert report["account"]["read"] == {"orders": 2, "records": 2}
    command = ["import", *given, "--endpoint", receiver.origin, "--api-key", KEY, "--yes"]
    assert application("import")(command, standalone_mode=False) == 0
    assert "2 accepted" in capsys.readouterr().out
    assert sorted(receiver.orders) == ["a.csv", "b.csv"]


def test_a_report_of_one_source_is_as_it_always_was(tmp_path: Path) -> None:
    found = surveyed(tmp_path, table(row("1")))
    assert validated(found, show_values=False)["source"]["path"] == str(tmp_path / "0.csv")
