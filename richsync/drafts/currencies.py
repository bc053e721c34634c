"""The currencies of exports, and the marks that stand beside their amounts."""

from collections.abc import Mapping

_CODES = """
AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JOD JPY KES KRW
KWD MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR
"""
_LETTERS = """
AU CA HK MX NZ R Rs US euro Euro Ft Kr Kč kn kr lei zł лв درهم دينار جنيه ريال ر س د إ ج م ك ب 円 元 원
"""

CODES = frozenset(_CODES.split())
"""The codes of ISO 4217 that shops use."""

LETTERS = frozenset(_LETTERS.split())
"""Letters that stand beside amounts and are no code."""

WHOLE = ("円", "원", "₩")
"""Marks of currencies without decimals; `¥` is also that of one with them."""

BY_MARK: Mapping[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "R$": "BRL",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "zł": "PLN",
    "Kč": "CZK",
    "円": "JPY",
}
"""Marks that stand for one currency only; `$`, `kr` and `¥` stand for several."""
