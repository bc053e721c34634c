"""The commands as they are typed: their help, and the smaller ones from end to end."""

import json
import re
import signal
from pathlib import Path

import pytest

from richsync import __version__
from tests.support import (
    KEY,
    receiving,
    run_richsync,
    small_export,
    started,
    waited,
)

OPTIONS = {
    "import": "--map --preset --checkpoint --endpoint --api-key --api-secret-file --signature --limit "
    "--resend --new-ids --skip-invalid --rejects --dry-run --yes --rate --lanes --give-up --encoding "
    "--delimiter --json --show-values --quiet --no-color",
    "validate": "--map --preset --encoding --delimiter --output-format --json --report --fail-on --ignore "
    "--as-of --rejects --show-values --quiet --no-color",
    "init": "--output --force --preset --encoding --delimiter --quiet --no-color",
    "preview": "-n --order --explain --map --preset --encoding --delimiter --no-color",
    "convert": "--output --since --until --only-ids --skip-invalid --map --preset --encoding "
    "--delimiter --show-values --quiet --no-color",
    "verify": "--order --all --wait --output --map --preset --checkpoint --endpoint --api-key "
    "--rest-key-file --json --quiet --no-color",
    "status": "--map --preset --checkpoint --order --json",
    "encrypt-user": "--id --uid --email --first-name --last-name --name --prop --user --from --output-format "
    "--output --api-key --api-secret-file --encoding --delimiter --quiet --no-color",
    "decrypt-user": "--api-secret-file --no-color",
    "sandbox": "--port --store --ready-file --refuse --fail --retry-after --cut --delay --lenient",
}


@pytest.mark.parametrize(("command", "options"), OPTIONS.items())
def test_help_names_every_option(tmp_path: Path, command: str, options: str) -> None:
    ended = run_richsync(command, "-h", cwd=tmp_path)
    assert ended.code == 0
    shown = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", ended.out))
    assert set(options.split()) - shown == set()


def test_help_and_version_of_the_whole(tmp_path: Path) -> None:
    ended = run_richsync("--help", cwd=tmp_path)
    assert ended.code == 0
    assert [command for command in OPTIONS if command not in ended.out] == []
    assert run_richsync("-V", cwd=tmp_path).out == f"richsync {__version__}\n"
    bare = run_richsync(cwd=tmp_path)
    assert bare.code == 2
    assert "Usage:" in bare.out + bare.err


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with an export of which 5 of 30 orders were accepted."""
    export = small_export(tmp_path, 30)
    with receiving() as receiver:
        ended = run_richsync(
            "import", export.name, "--endpoint", receiver.origin, "--limit", "5", cwd=tmp_path
        )
    assert ended.code == 0, ended.err
    return tmp_path


def test_status_tells_totals_runs_and_one_order(shop: Path) -> None:
    ended = run_richsync("status", cwd=shop)
    assert ended.code == 0
    assert "5 accepted  (a 2xx was read back)" in ended.out
    assert "left: 25 pending of small.csv" in ended.out
    assert "small.csv: complete; 5 accepted, 25 pending" in ended.out
    assert KEY not in ended.out
    assert run_richsync("status", "small.csv", cwd=shop).out.splitlines()[1:] == ended.out.splitlines()[1:]
    known = run_richsync("status", "--order", "5", cwd=shop)
    assert known.code == 0
    assert "order 5: accepted" in known.out
    assert "200" in known.out
    unknown = run_richsync("status", "--order", "6", cwd=shop)
    assert unknown.code == 1
    assert "does not know order 6" in unknown.out


def test_status_as_json(shop: Path) -> None:
    report = run_richsync("status", "--json", "--order", "1", cwd=shop).report
    assert report["orders"] == {"sending": 0, "accepted": 5, "refused": 0}
    assert report["order"]["state"] == "accepted"
    assert report["left"] == [{"source": "small.csv", "pending": 25, "rejected": 0}]
    assert [run["counts"]["accepted"] for run in report["runs"]] == [5]
    assert run_richsync("status", "--json", "--order", "77", cwd=shop).report["order"] is None


def test_status_must_know_which_ledger_is_meant(shop: Path) -> None:
    (shop / "copy.richsync").write_bytes((shop / "small.rehearsal.richsync").read_bytes())
    several = run_richsync("status", cwd=shop)
    assert several.code == 2
    assert "2 ledgers here: copy.richsync, small.rehearsal.richsync" in several.err
    assert run_richsync("status", "--checkpoint", "copy.richsync", cwd=shop).code == 0
    empty = shop / "empty"
    empty.mkdir()
    none = run_richsync("status", cwd=empty)
    assert none.code == 2
    assert "there is no ledger here" in none.err
    assert "--checkpoint FILE" in none.err


@pytest.mark.parametrize(("options", "count"), [((), 3), (("-n", "2"), 2), (("-n", "99"), 30)])
def test_preview_shows_the_first_orders_as_events(
    tmp_path: Path, options: tuple[str, ...], count: int
) -> None:
    small_export(tmp_path, 30)
    ended = run_richsync("preview", "small.csv", *options, cwd=tmp_path)
    assert ended.code == 0
    events = json.loads("[" + re.sub(r"^}\n{", "},{", ended.out, flags=re.MULTILINE) + "]")
    assert [event["properties"]["orderId"] for event in events] == [str(n + 1) for n in range(count)]


def test_validate_off_a_terminal_masks_what_is_personal(tmp_path: Path) -> None:
    export = small_export(tmp_path, 3)
    export.write_text(export.read_text().replace("customer2@", "customer2@@"))
    masked = run_richsync("validate", "small.csv", cwd=tmp_path)
    assert masked.code == 1
    assert "RS511" in masked.out
    assert "customer2" not in masked.out + masked.err
    assert "customer2@@" in run_richsync("validate", "small.csv", "--show-values", cwd=tmp_path).out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_sandbox_tells_where_it_listens_and_ends_when_asked(tmp_path: Path, number: int) -> None:
    small_export(tmp_path, 30)
    ready = tmp_path / "origin"
    with started("sandbox", "--port", "0", "--ready-file", ready, cwd=tmp_path) as sandbox:
        waited(ready.exists)
        origin = ready.read_text().strip()
        ended = run_richsync("import", "small.csv", "--endpoint", origin, cwd=tmp_path)
        sandbox.send_signal(number)
        _, err = sandbox.communicate(timeout=20)
    assert ended.code == 0
    assert sandbox.returncode == 0
    assert f"listening on {origin}" in err
    assert "Traceback" not in err
