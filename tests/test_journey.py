"""Whole imports by a process of its own into a receiver on loopback: what arrives, what is accounted for."""

import gzip
import hashlib
import json
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from richsync.sandbox import Sandbox
from tests.support import (
    KEY,
    Ended,
    Receiver,
    Reply,
    at_terminal,
    copied,
    decoded,
    environment,
    receiving,
    run_richsync,
    small_export,
    tallied,
)

EXPORTS = ("bestellungen.csv", "webshop.jsonl", "orders.csv")
SECRET = "s3cret of the tests"

TEXT = {"type": "string", "pattern": r"\S"}
NUMBER = {"type": "number"}
MOMENT = {"type": "integer", "minimum": 10**11}
ITEM = {
    "type": "object",
    "properties": {"price": NUMBER, "quantity": {"type": "integer", "minimum": 1}, "id": TEXT, "name": TEXT},
    "required": ["price", "quantity", "id"],
}
PLACES = ("AddressLine1", "AddressLine2", "City", "State", "Country", "Postcode")
PERSON = ("email", "firstName", "lastName")
TEXTS = [
    *("orderId", "orderName", "currency", "status", "fulfillmentStatus", "financialStatus"),
    *("paymentStatus", "paymentMethod", "shippingMethod", *PERSON),
    *(f"{kind}{part}" for kind in ("billing", "shipping") for part in ("Phone", "FirstName", *PLACES)),
]
NUMBERS = ["amount", "subTotalPrice", "taxAmount", "shippingAmount", "discountAmount", "tipAmount"]
EVENT = {
    "type": "object",
    "properties": {
        "event": {"const": "order"},
        "appClientId": {"const": KEY},
        "time": {
            "type": "object",
            "properties": {"sentAt": MOMENT},
            "required": ["sentAt"],
            "additionalProperties": False,
        },
        "properties": {
            "type": "object",
            "properties": {
                **dict.fromkeys(TEXTS, TEXT),
                **dict.fromkeys(NUMBERS, NUMBER),
                **dict.fromkeys(("createdAt", "updatedAt", "processedAt"), MOMENT),
                "orderDbKey": {"type": ["string", "integer"]},
                "items": {"type": "array", "minItems": 1, "items": ITEM},
                "coupons": {"type": "array", "minItems": 1, "items": TEXT},
            },
            "required": ["orderId", "orderDbKey", "amount", "items", "createdAt"],
        },
        "userProperties": {
            "type": "object",
            "properties": dict.fromkeys(("uid", "phone", "name", "sourceId", *PERSON), TEXT),
            "required": ["uid"],
        },
    },
    "required": ["event", "properties", "userProperties", "time", "appClientId"],
    "additionalProperties": False,
}


def imported(export: Path, receiver: Receiver, *more: str | Path, **env: str) -> Ended:
    """Import to the receiver as fast as it goes."""
    command = ("import", export.name, "--endpoint", receiver.origin, "--rate", "unlimited", *more)
    return run_richsync(*command, cwd=export.parent, env=environment(**env))


def edited(export: Path, old: str, new: str) -> None:
    """Change the export's map."""
    path = export.with_name(f"{export.stem}.map.yaml")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def created(event: dict[str, Any]) -> int:
    return int(event["properties"]["createdAt"])


def statuses(receiver: Receiver) -> set[str]:
    return {event["properties"].get("status", "") for event in receiver.orders.values()}


def test_the_samples_arrive_in_the_sandbox_once_and_a_second_import_sends_nothing(tmp_path: Path) -> None:
    copied(tmp_path, *EXPORTS)
    with Sandbox(port=0).start() as sandbox:
        for again in (False, True):
            for name in EXPORTS:
                options = (
                    "--endpoint",
                    sandbox.origin,
                    "--checkpoint",
                    "shop.richsync",
                    "--rate",
                    "unlimited",
                )
                ended = run_richsync("import", name, *options, cwd=tmp_path)
                assert ended.code == 0, ended.err
                shown = tallied(ended.out)
                assert shown["unchanged" if again else "accepted"][0] == 300
                assert shown["accepted" if again else "unchanged"] == (0, 0)
        assert len(sandbox.orders()) == 900
        assert {order.received for order in sandbox.orders()} == {1}


def test_nothing_is_requested_when_all_is_unchanged(tmp_path: Path) -> None:
    export = copied(tmp_path, "orders.csv")
    with receiving() as receiver:
        imported(export, receiver)
        assert len(receiver.requests) == 12
        ended = imported(export, receiver)
        assert len(receiver.requests) == 12
    assert ended.code == 0
    assert "300 orders (606 records) read" in ended.out
    assert tallied(ended.out)["unchanged"] == (300, 606)


@pytest.mark.parametrize("signature", ["none", "sha256", "md5"])
@pytest.mark.parametrize("name", EXPORTS)
def test_an_independent_receiver_finds_every_batch_as_documented(
    tmp_path: Path, name: str, signature: str
) -> None:
    with receiving() as receiver:
        ended = imported(
            copied(tmp_path, name), receiver, "--signature", signature, RICHPANEL_API_SECRET=SECRET
        )
    assert ended.code == 0
    validator = jsonschema.Draft202012Validator(EVENT)
    for request in receiver.requests:
        assert request.keys() == {"hs"} | ({"s"} if signature != "none" else set())
        if signature != "none":
            assert request["s"] == hashlib.new(signature, (request["hs"] + SECRET).encode()).hexdigest()
        batch = decoded(request)
        assert list(batch) == ["appClientId", "event", "events"]
        assert (batch["appClientId"], batch["event"]) == (KEY, "send_batch")
        assert 1 <= len(batch["events"]) <= 25
        for event in batch["events"]:
            validator.validate(event)
            assert event["time"]["sentAt"] == event["properties"]["createdAt"]
    assert len(receiver.orders) == len(receiver.events) == 300
    assert SECRET not in json.dumps(receiver.requests)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("orders.csv", "status: Status", "status: =mended"),
        ("webshop.jsonl", "  status: status", "  status: =mended"),
    ],
)
def test_after_another_map_and_back_the_receiver_has_the_first_form(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    export = copied(tmp_path, name)
    with receiving() as receiver:
        imported(export, receiver)
        first = receiver.orders
        edited(export, old, new)
        assert tallied(imported(export, receiver).out)["accepted"][0] == 300
        assert statuses(receiver) == {"mended"}
        edited(export, new, old)
        assert tallied(imported(export, receiver).out)["accepted"][0] == 300
    assert receiver.orders == first


def test_changed_ids_stop_before_anything_is_sent_unless_they_are_meant(tmp_path: Path) -> None:
    export = small_export(tmp_path, 30)
    with receiving() as receiver:
        imported(export, receiver)
        edited(export, "orderId: id", 'orderId: "N{id}"')
        ended = imported(export, receiver)
        assert ended.code == 1
        assert "RS706" in ended.err
        assert "--new-ids" in ended.err
        assert tallied(ended.out)["pending"] == (30, 30)
        assert len(receiver.orders) == 30
        assert imported(export, receiver, "--new-ids").code == 0
    assert len(receiver.orders) == 60


@pytest.mark.parametrize("lanes", [1, 4])
def test_a_newest_first_export_arrives_oldest_first(tmp_path: Path, lanes: int) -> None:
    export = copied(tmp_path, "bestellungen.csv")
    with receiving(delay=0.01) as receiver:
        imported(export, receiver, "--lanes", str(lanes))
    for batch in receiver.batches:
        assert batch == sorted(batch, key=created)
    if lanes == 1:
        assert all(created(one) <= created(next_one) for one, next_one in pairwise(receiver.events))
    newest: dict[str, int] = {}
    for event in receiver.events:
        uid = event["userProperties"]["uid"]
        assert newest.get(uid, 0) <= created(event), "an older order overtook a newer one"
        newest[uid] = created(event)
    assert len(newest) < 300


def test_one_order_first_and_then_the_rest(tmp_path: Path) -> None:
    export = small_export(tmp_path, 60)
    with receiving() as receiver:
        ended = imported(export, receiver, "--limit", "1")
        assert ended.code == 0
        assert {name: orders for name, (orders, _) in tallied(ended.out).items() if orders} == {
            "accepted": 1,
            "pending": 59,
        }
        assert list(receiver.orders) == ["1"]
        ended = imported(export, receiver)
        assert tallied(ended.out)["accepted"] == (59, 59)
        assert tallied(ended.out)["unchanged"] == (1, 1)
    assert len(receiver.events) == 60


def test_resend_sends_what_is_accepted_once_more(tmp_path: Path) -> None:
    export = small_export(tmp_path, 30)
    with receiving() as receiver:
        imported(export, receiver)
        ended = imported(export, receiver, "--resend")
    assert tallied(ended.out)["accepted"] == (30, 30)
    assert len(receiver.events) == 60


def test_a_dry_run_needs_no_key_and_leaves_nothing(tmp_path: Path) -> None:
    export = small_export(tmp_path, 30)
    before = set(tmp_path.iterdir())
    with receiving() as receiver:
        ended = imported(export, receiver, "--dry-run", RICHPANEL_API_KEY="")
        assert receiver.requests == []
    assert ended.code == 0
    assert tallied(ended.out)["pending"] == (30, 30)
    assert "a dry run sends nothing" in ended.out
    assert set(tmp_path.iterdir()) == before


def test_a_dry_run_says_what_the_ledger_already_knows(tmp_path: Path) -> None:
    export = small_export(tmp_path, 30)
    with receiving() as receiver:
        imported(export, receiver, "--limit", "10")
        ended = imported(export, receiver, "--dry-run")
        assert len(receiver.events) == 10
    assert tallied(ended.out)["unchanged"] == (10, 10)
    assert "20 new, 10 unchanged" in ended.err


def mended(rejects: Path) -> None:
    """What a person would do: correct the cells, and leave one of the orders that stand twice."""
    text = rejects.read_text()
    for wrong, right in (
        ("0.00,0.00,,,,0072", "0.00,0.00,,336.56,,0072"),
        ('"12,50"', "12.50"),
        ('"Chawan, blå",885.00,0', '"Chawan, blå",885.00,1'),
        ("2025-02-31", "2025-02-28"),
        ("soren.angstrom.example.com", "soren.angstrom@example.com"),
        (",,,,,,Nørrebrogade 19,111 29", ",0044,,,guest@example.net,,Nørrebrogade 19,111 29"),
        ("#REF!", "180.00"),
    ):
        assert text.count(wrong) == 1, wrong
        text = text.replace(wrong, right)
    cancelled = re.compile(r"^25030,[^\n]*,cancelled,[^\n]*\n", re.MULTILINE)
    text, left_out = cancelled.subn("", text)
    assert left_out == 1
    rejects.write_text(text)


def test_rejects_are_accounted_for_and_imported_once_mended_by_the_printed_command(tmp_path: Path) -> None:
    export = copied(tmp_path, "orders_with_mistakes.csv")
    with receiving() as receiver:
        held = imported(export, receiver)
        assert held.code == 1
        assert receiver.requests == []
        assert tallied(held.out)["accepted"] == (0, 0)
        ended = imported(export, receiver, "--skip-invalid")
        assert ended.code == 1
        assert tallied(ended.out) == tallied(held.out) | {"accepted": (31, 62), "pending": (0, 0)}
        assert sum(orders for orders, _ in tallied(ended.out).values()) == 42
        assert sum(records for _, records in tallied(ended.out).values()) == 88
        mended(tmp_path / "orders_with_mistakes.rejects.csv")
        command, _ = re.findall(r"once mended: richsync (.*)", ended.err)
        again = run_richsync(*shlex.split(command), cwd=tmp_path)
    assert again.code == 0, again.err
    assert tallied(again.out)["accepted"][0] == 8
    assert len(receiver.orders) == 39
    assert "25019" in (tmp_path / "orders_with_mistakes.rejects.csv.raw").read_text()


def test_the_printed_command_signs_and_reads_as_the_first_did(tmp_path: Path) -> None:
    export = small_export(tmp_path, 3)
    export.write_bytes(export.read_bytes().replace(b"2.50,Cup", b"x,Caf\xe9"))
    with receiving() as receiver:
        options = ("--skip-invalid", "--signature", "md5", "--encoding", "cp1252")
        ended = imported(export, receiver, *options, RICHPANEL_API_SECRET=SECRET)
    (command,) = re.findall(r"once mended: richsync (.*)", ended.err)
    assert {"--signature md5", "--encoding cp1252"} <= set(re.findall(r"--\w+ \w+", command))


@pytest.mark.parametrize("compressed", [False, True])
def test_standard_input_and_gzip_are_exports_too(tmp_path: Path, compressed: bool) -> None:
    export = small_export(tmp_path, 30)
    content = gzip.compress(export.read_bytes()) if compressed else export.read_bytes()
    command = ("import", "-", "--map", "small.map.yaml", "--checkpoint", "pipe.richsync")
    with receiving() as receiver:
        ended = run_richsync(*command, "--endpoint", receiver.origin, cwd=tmp_path, stdin=content)
    assert ended.code == 0, ended.err
    assert len(receiver.orders) == 30
    assert (tmp_path / "pipe.richsync").exists()


def test_a_gzip_file_finds_its_map_and_ledger(tmp_path: Path) -> None:
    export = small_export(tmp_path, 30)
    packed = export.with_name("small.csv.gz")
    packed.write_bytes(gzip.compress(export.read_bytes()))
    with receiving() as receiver:
        imported(packed, receiver)
        ended = imported(export, receiver)
    assert tallied(ended.out)["unchanged"] == (30, 30)


def test_the_report_tells_what_the_screen_tells(tmp_path: Path) -> None:
    shown, told = (tmp_path / name for name in ("shown", "told"))
    for folder in (shown, told):
        folder.mkdir()
        copied(folder, "orders_with_mistakes.csv")
    with receiving() as receiver:
        screen = imported(shown / "orders_with_mistakes.csv", receiver, "--skip-invalid")
        ended = imported(told / "orders_with_mistakes.csv", receiver, "--skip-invalid", "--json")
    account = ended.report["account"]
    assert ended.code == screen.code == ended.report["exit_code"] == 1
    assert tallied(screen.out) == {
        name: (account[name]["orders"], account[name]["records"]) for name in tallied(screen.out)
    }
    assert account["read"] == {"orders": 42, "records": 88}
    assert ended.report["counts"]["bad_orders"] == account["rejected"]["orders"]


WIX_HEADER = """\
Order number,Date created,Time,Fulfill by,Total order quantity,Contact email,Note from customer,\
Additional checkout info,Item,Variant,SKU,Qty,Quantity refunded,Price,Weight,Custom text,Deposit amount,\
Delivery method,Delivery time,Recipient name,Recipient phone,Recipient company name,Delivery country,\
Delivery state,Delivery state name,Delivery city,Delivery address,Delivery zip/postal code,Billing name,\
Billing phone,Billing company name,Delivery country,Delivery state,Delivery state name,Delivery city,\
Delivery address,Delivery zip/postal code,Payment status,Payment method,Coupon code,Gift card amount,\
Shipping rate,Total tax,Total,Currency,Refunded amount,Net amount,Additional fees,Fulfillment status,\
Tracking number,Fulfillment service,Shipping label"""
WIX_MAP = """\
richsync: 1
export: {dates: "%b %d, %Y %I:%M:%S %p", timezone: Europe/Copenhagen}
order:
  orderId: Order number
  createdAt: "{Date created} {Time}"
  amount: Total
  shippingPostcode: Delivery zip/postal code
  billingPostcode: Delivery zip/postal code#2
  items: {name: Item, sku: SKU, price: Price, quantity: Qty}
customer: {uid: Contact email}
"""


def wix_row(number: str, item: str, price: str, postcodes: tuple[str, str]) -> str:
    cells = dict.fromkeys(range(52), "")
    cells |= {
        0: number,
        1: "Feb 3, 2024",
        2: "12:05:09 AM",
        5: "zoe@example.com",
        8: item,
        10: "S-1",
        11: "2",
    }
    cells |= {13: price, 27: postcodes[0], 36: postcodes[1], 43: "59.98"}
    return ",".join(f'"{cell}"' for cell in cells.values())


def test_duplicate_headers_and_a_moment_in_two_columns(tmp_path: Path) -> None:
    export = tmp_path / "wix.csv"
    rows = (
        wix_row("10001", "Cup", "19.99", ("0150", "2200")),
        wix_row("10001", "Tea", "10", ("0150", "2200")),
    )
    export.write_text("\n".join((WIX_HEADER, *rows, "")))
    export.with_name("wix.map.yaml").write_text(WIX_MAP)
    with receiving() as receiver:
        ended = imported(export, receiver)
    assert ended.code == 0, ended.err
    properties = receiver.orders["10001"]["properties"]
    assert properties["createdAt"] == 1706915109000
    assert (properties["shippingPostcode"], properties["billingPostcode"]) == ("0150", "2200")
    assert [(item["name"], item["price"], item["quantity"]) for item in properties["items"]] == [
        ("Cup", 19.99, 2),
        ("Tea", 10, 2),
    ]


WOO_MAP = """\
richsync: 1
export: {dates: iso, timezone: UTC}
order:
  orderId: id
  orderName: "#{number}"
  createdAt: date_created_gmt
  status: status
  amount: total
  currency: currency
  shippingMethod: shipping_lines[0].method_title
  items: {path: line_items, id: product_id, sku: sku, name: name, price: price, quantity: quantity}
customer: {uid: billing.email, firstName: billing.first_name}
"""


def test_nested_objects_a_line(tmp_path: Path) -> None:
    order = {
        "id": 9007199254740993,
        "number": "812",
        "status": "completed",
        "currency": "EUR",
        "date_created_gmt": "2024-02-03T10:11:12",
        "total": "31.50",
        "billing": {"email": "Ida.Dahl@Example.com ", "first_name": "Ida"},
        "shipping_lines": [{"method_title": "Post"}],
        "line_items": [
            {"product_id": 7, "name": "Cup", "sku": "", "price": 10.5, "quantity": 3},
            {"product_id": 8, "name": "Tea, loose", "sku": "T-8", "price": 0, "quantity": 1},
        ],
    }
    export = tmp_path / "woo.jsonl"
    export.write_text(json.dumps(order) + "\n")
    export.with_name("woo.map.yaml").write_text(WOO_MAP)
    with receiving() as receiver:
        ended = imported(export, receiver)
    assert ended.code == 0, ended.err
    event = receiver.orders["9007199254740993"]
    assert event["userProperties"] == {"uid": "ida.dahl@example.com", "firstName": "Ida"}
    assert event["time"]["sentAt"] == 1706955072000
    assert event["properties"]["shippingMethod"] == "Post"
    assert event["properties"]["items"][0] == {"id": "7", "name": "Cup", "price": 10.5, "quantity": 3}


def interrupted(process: "subprocess.Popen[bytes]") -> None:
    """As by hand: in the instant between a question and the reading of its answer a signal is only noted."""
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("answer", "code", "sent", "told"),
    [
        (lambda terminal, _: os.write(terminal, b"y\n"), 0, 60, "60/60"),
        (lambda terminal, _: os.write(terminal, b"\n"), 1, 0, "not confirmed"),
        (lambda terminal, _: os.write(terminal, b"\x04"), 1, 0, "not confirmed"),
        (lambda _, process: interrupted(process), 130, 0, "nothing more was sent"),
    ],
    ids=["yes", "no", "end", "interrupt"],
)
def test_on_a_terminal_it_asks_and_shows_how_far_it_is(
    tmp_path: Path, answer: Callable[[int, object], object], code: int, sent: int, told: str
) -> None:
    export = small_export(tmp_path, 60)
    with receiving(delay=0.1) as receiver:
        options = ("--endpoint", receiver.origin, "--rate", "unlimited")
        ended, shown = at_terminal("import", export.name, *options, cwd=tmp_path, answer=answer)
        assert len(receiver.events) == sent
    assert ended == code, shown
    assert f"Send 60 orders to {receiver.origin}?" in shown
    assert told in shown
    assert "Traceback" not in shown
    runs = run_richsync("status", "--json", cwd=tmp_path).report["runs"]
    assert [run["ended"] is not None for run in runs] == [True]


def test_a_receiver_in_trouble_gets_every_order_in_the_end(tmp_path: Path) -> None:
    export = small_export(tmp_path, 200)
    trouble = (
        Reply(500),
        Reply(429),
        Reply(429, headers={"Retry-After": "1"}),
        Reply(503, headers={"Retry-After": "0"}),
        Reply(cut=True),
        Reply(400, b"ProvisionedThroughputExceededException"),
    )
    with receiving(*(reply for each in trouble for reply in (each, Reply()))) as receiver:
        ended = imported(export, receiver)
    assert ended.code == 0, ended.err
    assert tallied(ended.out)["accepted"] == (200, 200)
    assert len(receiver.orders) == 200
