"""A made-up tea and ceramics shop, "Lindqvist & Daughters": what it sells, who buys, and its orders.

Every name, address and number is invented. Prices are net; an order's sums add up to the cent, and nobody
buys at an hour that a clock change skips or repeats. The same season always gives the same orders.
"""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import NamedTuple

VAT = 25


class Product(NamedTuple):
    """`price` is in euro cents; a season in another currency multiplies it."""

    sku: str
    name: str
    price: int


class Customer(NamedTuple):
    """`street` may have two lines; guests leave no e-mail, some not even a phone."""

    number: int
    first: str
    last: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    country: str


class Line(NamedTuple):
    product: Product
    price: int
    quantity: int


class State(NamedTuple):
    """`code` is how the German shop writes it."""

    code: int
    order: str
    payment: str


class Purchase(NamedTuple):
    """An order; money in hundredths of its season's currency, `placed` as the clock on the wall showed."""

    number: int
    placed: datetime
    customer: Customer
    lines: tuple[Line, ...]
    shipping: int
    discount: int
    coupons: str
    state: State

    @property
    def subtotal(self) -> int:
        return sum(line.price * line.quantity for line in self.lines)

    @property
    def tax(self) -> int:
        return (self.subtotal + self.shipping - self.discount) * VAT // 100

    @property
    def total(self) -> int:
        return self.subtotal + self.tax + self.shipping - self.discount

    @property
    def refunded(self) -> int:
        return {"refunded": self.total, "partially_refunded": self.lines[0].price}.get(self.state.payment, 0)


class Season(NamedTuple):
    """The stretch of the shop's history that one export holds. `rate` is what a euro costs, in hundredths."""

    seed: int
    first: int
    year: int
    orders: int
    rate: int
    most_lines: int = 3


GERMAN = Season(seed=11, first=4101, year=2022, orders=300, rate=100, most_lines=1)
WEBSHOP = Season(seed=12, first=70001, year=2023, orders=300, rate=1150, most_lines=2)
TILL = Season(seed=13, first=24001, year=2024, orders=300, rate=750)
SPOILED = Season(seed=14, first=25001, year=2025, orders=40, rate=750)

PRODUCTS = (
    Product("TE-01", "Sencha, Uji, 100 g", 1450),
    Product("TE-02", "Darjeeling, 100 g", 1890),
    Product("TE-03", 'Tea "Skagen", 75 g', 1290),
    Product("TE-04", "Lapsang, 100 g", 1170),
    Product("TE-05", "Hyben & hibiscus", 850),
    Product("CE-11", "Stoneware cup", 2400),
    Product("CE-12", "Bamboo teapot", 7900),
    Product("CE-13", "Chawan, blå", 11800),
    Product("CE-14", "Tea set for six", 104550),
    Product("TI-21", "Tea strainer, brass", 990),
)
STATES = (
    *[State(3, "completed", "paid")] * 7,
    *[State(2, "processing", "paid")] * 2,
    State(1, "pending", "pending"),
    State(5, "cancelled", "refunded"),
    State(6, "completed", "partially_refunded"),
)
COUPONS = {"": 0, "TEA10": 10, "TEA10,NORDIC5": 15, "GIFT": 100}
NOTABLE = (
    ("Søren", "Ångström"),
    ("Zoë", "Müller"),
    ("太郎", "山田"),
    ("محمد", ""),
    ('Anna "Anni"', "Berg"),
    ("Niels", "Holm, Jr."),
    ("Siobhán", "O'Neill"),
)
FIRST = ("Astrid", "Birgit", "Freja", "Göran", "Ida", "Jürgen", "Łucja", "Mette", "Olga", "René", "Tuomas")
LAST = (
    "Andersen",
    "Bäcker",
    "Dahl",
    "El-Amin",
    "Fjord",
    "Hansen",
    "Jørgensen",
    "Kowalska",
    "Nygård",
    "Öberg",
)
STREETS = ("Nørrebrogade", "Götgatan", "Große Elbstraße", "Storgata", "Istedgade", "Lindenweg")
SECOND_LINES = ("", "", "", "3. th", "c/o Lund", "Back yard")
PLACES = (
    ("2200", "København N", "DK", "+45 32 10 44 {:02}"),
    ("01067", "Dresden", "DE", "0171 39200{:02}"),
    ("111 29", "Stockholm", "SE", "070-174 06 {:02}"),
    ("0150", "Oslo", "NO", "+47 22 99 10 {:02}"),
    ("00100", "Helsinki", "FI", "09 5550 01{:02}"),
    ("8000", "Aarhus C", "DK", "+45 32 10 55 {:02}"),
    ("80331", "München", "DE", "0172 99258{:02}"),
)
ASCII = str.maketrans("øåäöüëéáæłØÅÄÖÜŁ", "oaaoueeaalOAAOUL")


def customers() -> list[Customer]:
    """Everyone who ever bought, in every export the same."""
    random = Random(7)
    common = random.sample(list(product(FIRST, LAST)), 83)
    return [_customer(random, number, *name) for number, name in enumerate((*NOTABLE, *common), 1)]


def _customer(random: Random, number: int, first: str, last: str) -> Customer:
    postcode, city, country, phone = random.choice(PLACES)
    street = f"{random.choice(STREETS)} {random.randrange(1, 120)}\n{random.choice(SECOND_LINES)}".strip()
    handle = re.sub(r"[^a-z]+", ".", f"{first} {last}".translate(ASCII).lower()).strip(".")
    email = f"{handle or f'customer{number}'}@example.{random.choice(('com', 'net', 'org'))}"
    guest, unknown = number % 9 == 0, number % 18 == 0
    written = "" if unknown else phone.format(number)
    return Customer(number, first, last, "" if guest else email, written, street, postcode, city, country)


def purchases(season: Season) -> list[Purchase]:
    """A season's orders, oldest first; some customers come back often."""
    random = Random(season.seed)
    circle = customers()
    moments = sorted(_opening_hour(random, season.year) for _ in range(season.orders))
    return [
        _purchase(
            random, season, season.first + index, placed, random.choice(circle[: random.randrange(1, 91)])
        )
        for index, placed in enumerate(moments)
    ]


def _opening_hour(random: Random, year: int) -> datetime:
    day = datetime(year, 1, 2, tzinfo=UTC) + timedelta(days=random.randrange(360))
    return day + timedelta(hours=random.randrange(8, 21), minutes=random.randrange(60))


def _purchase(random: Random, season: Season, number: int, placed: datetime, customer: Customer) -> Purchase:
    chosen = random.sample(PRODUCTS, random.randrange(season.most_lines) + 1)
    lines = tuple(
        Line(each, each.price * season.rate // 100, random.choice((1, 1, 1, 2, 2, 3, 6))) for each in chosen
    )
    coupons = random.choice((*[""] * 36, *["TEA10"] * 9, *["TEA10,NORDIC5"] * 4, "GIFT"))
    gift = coupons == "GIFT"
    shipping = 0 if gift else random.choice((0, 490, 690)) * season.rate // 100
    discount = sum(line.price * line.quantity for line in lines) * COUPONS[coupons] // 100
    state = STATES[0] if gift else random.choice(STATES)
    return Purchase(number, placed, customer, lines, shipping, discount, coupons, state)
