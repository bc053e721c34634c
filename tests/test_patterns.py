import pytest

from richsync.patterns import Match, Pattern
from richsync.values import Bad

HOSTILE = r"^(a|a)*$"
ENDLESS = "a" * 60 + "!"


def test_a_match_names_its_groups_and_leaves_none_out() -> None:
    found = Pattern(r"(?P<quantity>\d+)x (?P<name>\w+)(?P<note>!)?").search("for 2x Tea here")
    assert found == Match("2x Tea", ("2", "Tea", ""), {"quantity": "2", "name": "Tea", "note": ""})


def test_a_pattern_is_searched_or_has_to_fit_the_whole_text() -> None:
    pattern = Pattern(r"\d+")
    assert pattern.search("no. 12") == Match("12", (), {})
    assert pattern.search("none") is None
    assert pattern.whole("no. 12") is None
    assert pattern.whole("12") == Match("12", (), {})


@pytest.mark.parametrize(
    ("pattern", "text", "parts"),
    [
        (r"\s*[,;]\s*", "a , b;c", ["a", "b", "c"]),
        (r";(?=id:)", "id:1|x;y;id:2", ["id:1|x;y", "id:2"]),
        (r"\|?(?=ID:)", "ID: 1, A|B|ID: 2", ["", "ID: 1, A|B", "", "ID: 2"]),
        (r"(,)", "a,b", ["a", "b"]),
        (",", "", [""]),
    ],
)
def test_a_text_is_cut_where_the_pattern_fits(pattern: str, text: str, parts: list[str]) -> None:
    assert Pattern(pattern).split(text) == parts


def test_a_text_is_replaced_where_the_pattern_fits() -> None:
    assert (
        Pattern(r"wc-(\w+)").replace("wc-paid, wc-sent", lambda each: each.groups[0].upper()) == "PAID, SENT"
    )


@pytest.mark.parametrize("written", ["", "(", "[", "a{9999999999999}", "\\", "(?P<n", "x" * 1001])
def test_what_is_no_pattern_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Pattern(written)


def test_a_pattern_without_end_is_stopped_and_then_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("richsync.patterns._SECONDS", 0.02)
    pattern = Pattern(HOSTILE)
    stopped = Bad("RS308", f"the pattern {HOSTILE!r} takes without end: it was stopped")
    ways = (pattern.search, pattern.whole, pattern.split)
    assert pattern.search("aaa") is not None
    assert [way(ENDLESS) for way in ways] == [stopped] * 3
    assert pattern.search("aaa") == stopped
