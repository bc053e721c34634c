"""Whom a token is for: one user, or every user of a list."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from richsync.errors import UnusableError
from richsync.exports import Export, open_export
from richsync.jsontext import Digits
from richsync.model import Order, ReadAs
from richsync.pipeline.users import Issued, Refused, issue, issue_all
from richsync.tokens import decrypt, field_of, user_of
from tests.peers import SECRET
from tests.small import joined


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("firstName", "firstName"),
        ("first_name", "firstName"),
        ("First Name", "firstName"),
        ("FIRST-NAME", "firstName"),
        ("E-Mail", "email"),
        ("ID", "id"),
        ("source_id", "sourceId"),
        ("Newsletter", "Newsletter"),
        ("first name 2", "first name 2"),
        ("", ""),
    ],
)
def test_a_name_means_a_field(name: str, field: str) -> None:
    assert field_of(name) == field


@pytest.mark.parametrize(
    ("fields", "user"),
    [
        ({"id": "7"}, {"id": "7", "uid": "7"}),
        (
            {"email": " Adam@Example.COM\u200b "},
            {"id": "adam@example.com", "uid": "adam@example.com", "email": "Adam@Example.COM"},
        ),
        ({"uid": "U-1"}, {"id": "U-1", "uid": "U-1"}),
        ({"uid": "+45 12 34 56 78"}, {"id": "+4512345678", "uid": "+4512345678"}),
        (
            {"uid": "A@b.example", "id": 7, "email": "c@d.example"},
            {"id": 7, "uid": "a@b.example", "email": "c@d.example"},
        ),
        (
            {"name": "Z", "id": "1", "email": "", "tags": [], "x": None, "y": " ", "n": 0},
            {"id": "1", "uid": "1", "name": "Z", "n": 0},
        ),
        (
            {"vip": False, "first_name": "A", "E-Mail": "a@b.example", "id": "1"},
            {"id": "1", "uid": "a@b.example", "vip": False, "firstName": "A", "email": "a@b.example"},
        ),
        (
            {"id": "1", "address": {"city": "Bonn", "zip": ""}, "tags": ["a", "", None]},
            {"id": "1", "uid": "1", "address": {"city": "Bonn"}, "tags": ["a"]},
        ),
        (
            {"id": Digits("123"), "points": Digits("1.50"), "name": 5},
            {"id": 123, "uid": "123", "points": 1.5, "name": "5"},
        ),
        ({"id": "0123", "id2": 2**60}, {"id": "0123", "uid": "0123", "id2": 2**60}),
    ],
)
def test_the_user_object(fields: dict[str, object], user: dict[str, object]) -> None:
    made = user_of(fields.items())
    assert made == user
    assert list(made) == list(user)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "a user needs an id, a uid or an e-mail"),
        ({"name": "Adam"}, "a user needs an id, a uid or an e-mail"),
        ({"id": "", "uid": " ", "email": None}, "a user needs an id, a uid or an e-mail"),
        ({"email": "adam(at)example.com"}, "email is not an e-mail address"),
        ({"id": "1", "email": "Adam <adam@example.com>"}, "email is not an e-mail address"),
        ({"uid": "adam@", "id": "1"}, "uid is not an e-mail address"),
        ({"id": "1", "email": ["a@b.example"]}, "email holds an object or a list"),
        ({"id": {"$id": 1, "n": 2}}, "id holds an object or a list"),
        ({"id": "1.23457E+12"}, "id was turned into a number by a spreadsheet"),
        ({"uid": "#N/A", "email": "x"}, "uid holds a spreadsheet's error; email is not an e-mail address"),
        ({"id": "1", "note": {"deep": ["\ud800"]}}, r"control character \(U\+D800\)"),
        ({"id": "1", "n\x00": "a"}, r"control character \(U\+0000\)"),
        ({"first_name": "A", "firstName": "B", "id": "1"}, "firstName is given twice"),
    ],
)
def test_what_is_no_user(fields: dict[str, object], why: str) -> None:
    with pytest.raises(UnusableError, match=why):
        user_of(fields.items())


ORDERS = """\
richsync: 1
order:
  {{orderId: =1, amount: =1, createdAt: "=2024-03-05T10:00Z", items: {{name: =Tea, price: =1, quantity: =1}}}}
customer: {{uid: {uid}}}
"""


@pytest.mark.parametrize(
    "person",
    [
        {"email": " Adam@Example.COM "},
        {"uid": "\ufeffAdam@Example.com", "email": "other@example.com"},
        {"uid": "+45 (12) 34-56-78"},
        {"uid": "'0123"},
        {"uid": "U 1", "email": "a@b.example"},
    ],
)
def test_the_uid_is_the_one_that_import_sends(person: Mapping[str, str]) -> None:
    source = "uid" if "uid" in person else "email"
    record = (2, list(person.values()), ",".join(person.values()))
    (order,) = joined([record], ORDERS.format(uid=source), tuple(person))
    assert isinstance(order, Order)
    assert user_of(person.items())["uid"] == order.customer["uid"]


# Lists of users


def listed(text: str | bytes) -> Export:
    data = text.encode() if isinstance(text, str) else text
    return open_export("-", ReadAs(), io.BytesIO(data))


def issued(text: str | bytes) -> list[tuple[str, dict[str, Any]] | Refused]:
    with listed(text) as export:
        return [
            found if isinstance(found, Refused) else (found.user_id, decrypt(found.token, SECRET))
            for found in issue_all(export, SECRET)
        ]


ADAM = ("7", {"id": "7", "uid": "a@b.example", "email": "A@b.example", "firstName": "\u00c5sa"})


@pytest.mark.parametrize(
    "text",
    [
        "id,email,firstName\n7,A@b.example,\u00c5sa\n",
        "ID;E-Mail;First name;Phone\r\n7;A@b.example;\u00c5sa;\r\n;;;\r\n",
        "\ufeffid\temail\tfirst_name\n\n7\tA@b.example\t\u00c5sa\n",
        "id,email,firstName\n7,A@b.example,\u00c5sa\n".encode("utf-16"),
        '{"id": "7", "email": "A@b.example", "first_name": "\u00c5sa"}\n',
        '[{"id": "7", "email": "A@b.example", "firstName": "\\u00c5sa", "x": null}]',
    ],
)
def test_users_are_read_as_exports_are(text: str | bytes) -> None:
    assert issued(text) == [ADAM]


def test_a_bad_line_is_told_and_the_others_are_made() -> None:
    text = (
        'id,email\n1,a@b.example\n2,nobody\n3,"c\n@d.example"\n4,d@e.example,more\n5,e@f.example\n6,"open\n'
    )
    found = issued(text)
    assert [each for each in found if isinstance(each, Refused)] == [
        Refused(3, "email is not an e-mail address"),
        Refused(4, "email is not an e-mail address"),
        Refused(6, "the row has 3 cells, the header has 2: the value of 'email' stands in 2 of them"),
        Refused(
            8, "the quote opened on line 8, column 3 is never closed: lines 8 to the end were not read", True
        ),
    ]
    assert [each[0] for each in found if not isinstance(each, Refused)] == ["1", "5"]


@pytest.mark.parametrize(
    ("text", "line"),
    [('{"id": 1}\n{"id": }\n', 2), ('{"id": 1}\n[2]\n', 2), ('{"id": 1}\n{"id": 1, "id": 2}\n', 2), ("", 1)],
)
def test_a_line_that_is_no_record_is_told(text: str, line: int) -> None:
    (refused,) = (each for each in issued(text) if isinstance(each, Refused))
    assert refused.line == line


def test_a_list_that_names_nobody_is_unusable() -> None:
    with pytest.raises(UnusableError, match="no column id, uid or email: Name, Mail"):
        issued("Name,Mail\nAdam,a@b.example\n")


class Counted:
    """How often progress was told."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def reading(self, export: Export, orders: int) -> None:
        self.told.append(orders)

    def checked(self, survey: object) -> None:
        raise AssertionError


def test_users_are_made_as_they_are_read(tmp_path: Path) -> None:
    """One at a time: the first is there before the rest was read, so memory does not grow with the list."""
    path = tmp_path / "users.csv"
    path.write_text("id\n" + "".join(f"{number}\n" for number in range(100_000)))
    progress = Counted()
    with open_export(str(path), ReadAs()) as export:
        found = issue_all(export, SECRET, progress)
        assert isinstance(next(found), Issued)
        assert export.bytes_read < path.stat().st_size / 2
        for _ in range(1000):
            next(found)
    assert progress.told == [500, 1000]


def test_two_tokens_of_one_user_differ() -> None:
    assert issue({"id": "1"}, SECRET) != issue({"id": "1"}, SECRET)
