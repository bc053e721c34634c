"""What the benchmarks have in common: a seeded export of 25 columns, its map, and a measured process."""

import csv
import os
import random
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

COLUMNS = (
    *("id", "number", "created", "updated", "status", "payment", "currency"),
    *("total", "subtotal", "tax", "shipping", "discount", "quantity", "sku", "product", "price"),
    *("customer", "email", "first", "last", "phone", "city", "country", "method", "note"),
)
MAP = """\
richsync: 1
order:
  orderId: id
  orderName: number
  createdAt: created
  updatedAt: updated
  status: status
  financialStatus: payment
  currency: currency
  amount: total
  subTotalPrice: subtotal
  taxAmount: tax
  shippingAmount: shipping
  discountAmount: discount
  paymentMethod: method
  shippingCity: city
  shippingCountry: country
  items: {quantity: quantity, sku: sku, name: product, price: price}
  custom: {note: note}
customer: {sourceId: customer, email: email, firstName: first, lastName: last, phone: phone}
"""
_PRODUCTS = ("Oolong, 100 g", "Teapot “Vinter”", "Cup (set of 4)", "Grøn te", "Bowl", 'Tray 12"')
_PEOPLE = ("Søren Ångström", "Zoë Müller", "Ana Silva", "Liam O'Neil", "山田 太郎", "Mia Rossi")
_EPOCH = datetime(2019, 1, 1, tzinfo=UTC)


class Used(NamedTuple):
    """CPU seconds of a process and its children, and the peak memory of the largest, in MB."""

    cpu: float
    peak: float
    out: str


def write_export(path: Path, orders: int, *, bad: float = 0.0) -> None:
    """One row an order; a share of the totals is bad."""
    dice = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(number, dice, bad) for number in range(orders))


def _row(number: int, dice: random.Random, bad: float) -> list[object]:
    price, count, who = dice.randrange(199, 19999), dice.choice((1, 1, 2, 3)), dice.randrange(1, 500_000)
    tax, shipping = price * count // 10, dice.choice((0, 495))
    total = price * count + tax + shipping
    created = _EPOCH + timedelta(seconds=dice.randrange(150_000_000))
    first, last = dice.choice(_PEOPLE).split(" ")
    moments = [each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in (created, created + timedelta(hours=5))]
    money = [f"{each / 100:.2f}" for each in (total, price * count, tax, shipping, 0)]
    money[0] = "n/a" if dice.random() < bad else money[0]
    product = [count, f"SKU-{price:06d}", dice.choice(_PRODUCTS), f"{price / 100:.2f}"]
    person = [who, f"person{who}@example.com", first, last, f"+45{who:08d}", "København", "DK"]
    return [
        100_000 + number,
        f"#{number}",
        *moments,
        "shipped",
        "paid",
        "DKK",
        *money,
        *product,
        *person,
        "card",
        "",
    ]


def measured(command: Sequence[str], **environment: str) -> Used:
    """Run a command and account for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **environment}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Used(cpu, after.ru_maxrss / 1024, done.stdout)
