"""Writes the exports in `sample_data`: the shop of `tests.shop`, as four exports.

python tests/make_samples.py            # write them
python tests/make_samples.py --check    # compare: exit 1 and the names of those that differ
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

# A script finds its own folder on the path, not its project's.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.shop import GERMAN, SPOILED, TILL, WEBSHOP, Customer, Purchase, purchases

FOLDER = Path(__file__).resolve().parent.parent / "sample_data"
BOM = "\ufeff"
UNQUOTED = "Teapot, iron"
BUYER = ("Customer", "First name", "Last name", "Email", "Phone")


class Mistake(NamedTuple):
    """A mistake in `orders_with_mistakes.csv`: where it stands, what finding it gives, what is written."""

    line: int
    order: str
    code: str
    column: str
    cell: str


MISTAKES = (
    Mistake(8, "25003", "RS401", "Total", ""),
    Mistake(17, "25006", "RS502", "Total", "12,50"),
    Mistake(26, "25009", "RS504", "Quantity", "0"),
    Mistake(33, "25012", "RS507", "Date", "2025-02-31 10:15"),
    Mistake(47, "25016", "RS511", "Email", "soren.angstrom.example.com"),
    Mistake(58, "25019", "RS202", "Product", UNQUOTED),
    Mistake(73, "25024", "RS403", "Customer", ""),
    Mistake(82, "25028", "RS513", "Price", "#REF!"),
    Mistake(106, "25021", "RS701", "Order", "25021"),
    Mistake(110, "25030", "RS703", "Status", "cancelled"),
)
"""Line, order, finding and cell. RS202 is a comma nobody quoted, RS403 an order whose customer is left out;
of RS701 and RS702 the line is the one on which an order begins a second time, the same and changed."""


# orders.csv: a row for each line of an order


def till_rows(purchase: Purchase) -> Iterator[dict[str, str]]:
    """The order's own cells stand on its first row only, its number on every one."""
    head = _till_head(purchase)
    for line in purchase.lines:
        yield head | {
            "SKU": line.product.sku,
            "Product": line.product.name,
            "Price": point(line.price),
            "Quantity": str(line.quantity),
        }
        head = dict.fromkeys(head, "") | {"Order": str(purchase.number)}


def _till_head(purchase: Purchase) -> dict[str, str]:
    buyer = purchase.customer
    return {
        "Order": str(purchase.number),
        "Date": purchase.placed.strftime("%Y-%m-%d %H:%M"),
        "Status": purchase.state.order,
        "Payment": purchase.state.payment,
        "Currency": "DKK",
        "Subtotal": point(purchase.subtotal),
        "Tax": point(purchase.tax),
        "Shipping": point(purchase.shipping),
        "Discount": point(purchase.discount),
        "Coupons": purchase.coupons,
        "Total": point(purchase.total),
        "Refunded": point(purchase.refunded) if purchase.refunded else "",
        "Customer": f"{buyer.number:04}",
        "First name": buyer.first,
        "Last name": buyer.last,
        "Email": buyer.email,
        "Phone": buyer.phone,
        "Address": buyer.street,
        "Postcode": buyer.postcode,
        "City": buyer.city,
        "Country": buyer.country,
    }


def spoiled_rows() -> list[dict[str, str]]:
    """Rows like the till's, with `MISTAKES`."""
    rows = [row for purchase in purchases(SPOILED) for row in till_rows(purchase)]
    for mistake in MISTAKES:
        _spoil(rows, mistake)
    return rows


def _spoil(rows: list[dict[str, str]], mistake: Mistake) -> None:
    of_order = [row for row in rows if row["Order"] == mistake.order]
    if mistake.code in ("RS701", "RS703"):
        of_order = [row.copy() for row in of_order]
        rows += of_order
    spoiled = dict.fromkeys(BUYER, "") if mistake.code == "RS403" else {mistake.column: mistake.cell}
    of_order[0].update(spoiled)


# bestellungen.csv: a row an order, as a German spreadsheet writes it


def german_row(purchase: Purchase) -> dict[str, str]:
    buyer, line = purchase.customer, purchase.lines[0]
    return {
        "Bestellnr": f"{purchase.number:06}",
        "Datum": purchase.placed.strftime("%d.%m.%Y %H:%M"),
        "Status": str(purchase.state.code),
        "Kundennr": f"{buyer.number:04}",
        "Vorname": buyer.first,
        "Nachname": buyer.last,
        "E-Mail": buyer.email,
        "Telefon": buyer.phone,
        "Straße": buyer.street.replace("\n", ", "),
        "PLZ": buyer.postcode,
        "Ort": buyer.city,
        "Land": buyer.country,
        "Artikelnr": line.product.sku,
        "Artikel": line.product.name,
        "Einzelpreis": comma(line.price),
        "Menge": str(line.quantity),
        "Zwischensumme": comma(purchase.subtotal),
        "MwSt": comma(purchase.tax),
        "Versand": comma(purchase.shipping),
        "Rabatt": comma(purchase.discount),
        "Gutschein": purchase.coupons,
        "Gesamt": comma(purchase.total),
    }


# webshop.jsonl: an object an order


def webshop_order(purchase: Purchase) -> dict[str, Any]:
    return {
        "id": purchase.number,
        "placed": purchase.placed.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": purchase.state.order,
        "payment": purchase.state.payment,
        "sums": _sums(purchase),
        "coupons": purchase.coupons.split(",") if purchase.coupons else None,
        **_buyer(purchase.customer),
        "lines": [
            {
                "sku": each.product.sku,
                "name": each.product.name,
                "price": point(each.price),
                "qty": each.quantity,
            }
            for each in purchase.lines
        ],
    }


def _sums(purchase: Purchase) -> dict[str, str | None]:
    return {
        "net": point(purchase.subtotal),
        "tax": point(purchase.tax),
        "post": point(purchase.shipping),
        "off": point(purchase.discount) if purchase.discount else None,
        "total": point(purchase.total),
    }


def _buyer(buyer: Customer) -> dict[str, dict[str, Any]]:
    return {
        "customer": {
            "id": buyer.number,
            "first": buyer.first,
            "last": buyer.last or None,
            "email": buyer.email or None,
        },
        "billing": {
            "phone": buyer.phone or None,
            "street": buyer.street.replace("\n", ", "),
            "zip": buyer.postcode,
            "city": buyer.city,
            "country": buyer.country,
        },
    }


# the files


def point(hundredths: int) -> str:
    """1234.50"""
    return f"{hundredths // 100}.{hundredths % 100:02}"


def comma(hundredths: int) -> str:
    """1.234,50"""
    return f"{hundredths / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def table(rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """Every line end is a plain line feed, inside cells too."""
    first, *others = rows
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(first)
    writer.writerows(row.values() for row in (first, *others))
    return text.getvalue()


def samples() -> dict[str, bytes]:
    """Each export's name and content."""
    till = (row for purchase in purchases(TILL) for row in till_rows(purchase))
    newest_first = reversed(purchases(GERMAN))
    webshop = map(webshop_order, purchases(WEBSHOP))
    texts = {
        "orders.csv": table(till),
        "bestellungen.csv": BOM + table(map(german_row, newest_first), ";"),
        "webshop.jsonl": "".join(map(json_line, webshop)),
        "orders_with_mistakes.csv": table(spoiled_rows()).replace(f'"{UNQUOTED}"', UNQUOTED),
    }
    return {name: text.encode() for name, text in texts.items()}


def json_line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def differing(folder: Path) -> list[str]:
    """The samples that `folder` lacks or holds in another form."""
    return [
        name
        for name, content in samples().items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def main(arguments: Sequence[str], folder: Path = FOLDER) -> int:
    """Exit code 0, or 1 when `--check` finds a difference, or 2."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: make_samples.py [--check]\n")
        return 2
    names = differing(folder)
    if not arguments:
        for name in names:
            (folder / name).write_bytes(samples()[name])
    sys.stdout.writelines(f"{'differs' if arguments else 'written'}: {name}\n" for name in names)
    return 1 if arguments and names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
