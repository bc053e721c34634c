"""Files that are there whole or not at all."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from richsync.errors import UnusableError
from richsync.files import written_whole


def write(path: Path, text: str, *, keeps_empty: bool = True) -> None:
    with written_whole(path, "the list", "look", keeps_empty=keeps_empty) as file:
        file.write(text)


def test_a_file_takes_the_place_of_another_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("old")
    with written_whole(path, "the list", "look", "latin-1") as file:
        file.write("é\r\n☃\n")
        assert path.read_text() == "old"
    assert path.read_bytes() == b"\xe9\r\n\\u2603\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def cut(ending: type[BaseException]) -> Iterator[str]:
    yield "new"
    raise ending


@pytest.mark.parametrize("ending", [ValueError, KeyboardInterrupt])
def test_after_an_exception_the_old_one_stands(tmp_path: Path, ending: type[BaseException]) -> None:
    path = tmp_path / "list"
    path.write_text("old")
    with pytest.raises(ending), written_whole(path, "the list", "look") as file:
        file.writelines(cut(ending))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("keeps_empty", "there"), [(True, [""]), (False, [])])
def test_an_empty_file_stands_or_takes_the_old_one_away(
    tmp_path: Path, keeps_empty: bool, there: list[str]
) -> None:
    (tmp_path / "list").write_text("old")
    write(tmp_path / "list", "", keeps_empty=keeps_empty)
    assert [path.read_text() for path in tmp_path.iterdir()] == there


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    link = tmp_path / "link"
    link.symlink_to("real")
    write(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_pipe_is_written_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write(pipe, "new")
    reader.join(timeout=10)
    assert read == ["new"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(("name", "why"), [("gone/list", "No such file"), ("folder", "Is a directory")])
def test_what_cannot_be_written_is_told(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnusableError, match=rf"the list could not be written to .*{name}: {why}") as told:
        write(tmp_path / name, "new")
    assert told.value.hint == "look"
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
