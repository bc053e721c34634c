"""The sandbox's pages as HTML text: what arrived, and one order. Everything that arrived is escaped."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import quote

from richsync.jsontext import loads, pretty
from richsync.sandbox.store import Stored, Totals

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STYLE = """
:root{color-scheme:light dark;--line:light-dark(#e3e5ea,#353942);--soft:light-dark(#667085,#98a1b3);
--card:light-dark(#fff,#1c1f26);--page:light-dark(#f6f7f9,#12141a);--lead:light-dark(#2450d8,#8fb0ff);
--bad:light-dark(#b3261e,#ff9a91)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:2rem 1.5rem;background:var(--page);
font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1rem;margin:2rem 0 .6rem}a{color:var(--lead)}
p{color:var(--soft);margin:.3rem 0 1.4rem}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem;margin:0 0 1.4rem}
dl div,table,pre,ul{background:var(--card);border:1px solid var(--line);border-radius:.6rem}
dl div{padding:.8rem 1rem}dt{color:var(--soft);font-size:.8rem}
dd{margin:0;font-size:1.6rem;font-variant-numeric:tabular-nums}
.bad{color:var(--bad)}
input,button{font:inherit;padding:.4rem .8rem;border:1px solid var(--line);border-radius:.4rem;
background:var(--card);color:inherit}
table{width:100%;margin-top:1rem;border-collapse:separate;border-spacing:0;overflow:hidden}
th{color:var(--soft);font-size:.8rem;font-weight:500;text-align:left}
th,td{padding:.5rem .8rem;overflow-wrap:anywhere}td{border-top:1px solid var(--line)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre,ul{padding:1rem 1.2rem;margin:0;overflow:auto}ul{list-style:none}
"""
_COLUMNS = ("Order", "Name", "Date (UTC)", "Customer", "Items", "Amount", "Status", "Received")
_NUMBERS = {"Items", "Amount", "Received"}


def overview(totals: Totals, orders: Sequence[Stored], faults: Sequence[str], part: str) -> str:
    """What arrived: totals, the given orders, and below them what was wrong."""
    cards = "".join(_card(name, count) for name, count in totals._asdict().items())
    head = "".join(f"<th{_kind(name)}>{name}" for name in _COLUMNS)
    rows = "".join(f"<tr>{_row(order)}" for order in orders)
    wrong = "".join(f"<li>{escape(fault)}" for fault in faults)
    return _page(
        "richsync sandbox",
        "<h1>richsync sandbox</h1><p>A local stand-in for Richpanel. What is here has gone nowhere else."
        f"<dl>{cards}</dl>"
        '<form><input name=q type=search aria-label="Order id" placeholder="Order id"'
        f' value="{escape(part)}"> <button>Find</button></form>'
        + (f"<table><tr>{head}{rows}</table>" if rows else "<p>No order here yet.")
        + (f"<h2 class=bad id=faults>Newest faults</h2><ul class=bad>{wrong}</ul>" if wrong else ""),
    )


def order_page(order: Stored) -> str:
    """One order and the event it came in."""
    times = f"{order.received} time{'s' if order.received > 1 else ''}"
    return _page(
        f"Order {order.order_id}",
        f'<p><a href="/">All orders</a><h1>Order {escape(order.order_id)}</h1>'
        f"<p>Received {times}, last at {moment(order.last_at)} UTC, for the key {escape(order.api_key)}."
        f"<pre>{escape(pretty(loads(order.event, exact=False)))}</pre>",
    )


def moment(milliseconds: int) -> str:
    """Epoch milliseconds as `2024-05-31 13:45`, or as they are when no calendar holds them."""
    try:
        return f"{_EPOCH + timedelta(milliseconds=milliseconds):%Y-%m-%d %H:%M}"
    except OverflowError:
        return str(milliseconds)


def _page(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
        f'<meta name=viewport content="width=device-width"><style>{_STYLE}</style><body>{body}</html>\n'
    )


def _card(name: str, count: int) -> str:
    kind = " class=bad" if name == "faults" and count else ""
    return f"<div><dt>{name.capitalize()}</dt><dd{kind}>{count:,}</dd></div>"


def _kind(name: str) -> str:
    return " class=n" if name in _NUMBERS else ""


def _row(order: Stored) -> str:
    properties: dict[str, Any] = loads(order.event, exact=False)["properties"]
    cells = (
        properties.get("orderName", ""),
        moment(order.sent_at),
        order.uid,
        len(properties["items"]),
        f"{properties['amount']} {properties.get('currency', '')}",
        properties.get("status", ""),
        f"{order.received} times" if order.received > 1 else "once",
    )
    link = f'<td><a href="/order/{quote(order.order_id, safe="")}">{escape(order.order_id)}</a>'
    return link + "".join(_cells(zip(_COLUMNS[1:], cells, strict=True)))


def _cells(named: Iterable[tuple[str, object]]) -> Iterable[str]:
    return (f"<td{_kind(name)}>{escape(str(value))}" for name, value in named)
