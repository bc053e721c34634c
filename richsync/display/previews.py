"""Orders before they are sent: in a few words, as the JSON that goes out, and how each field came about."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

from richsync.accounts import Account
from richsync.display.screen import Screen, Styled
from richsync.fieldmaps.explaining import Explained
from richsync.findings import reason, told
from richsync.jsontext import Digits, JsonTextError, loads, pretty
from richsync.model import Disposition, Order, Reject
from richsync.pipeline.previews import Previewed
from richsync.reports import skip_reasons
from richsync.shown import counted

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 80
_WIDEST = 30
_MOST_ITEMS = 5


def show_previewed(each: Previewed, name: str, zone: tzinfo | None, screen: Screen) -> None:
    """An order of the export `name`: what it is, on stderr, and its event on stdout."""
    if isinstance(each.found, Reject):
        show_reject(each.found, name, screen)
    else:
        show_order(each.found, name, zone, screen)
    if each.event is not None:
        screen.result(Styled(pretty(loads(each.event.body.decode(), exact=False)), "json"))


def show_explained(each: Previewed, name: str, zone: tzinfo | None, screen: Screen) -> None:
    """An order of the export `name`: what it is, on stderr, and where its fields come from on stdout."""
    if isinstance(each.found, Reject):
        show_reject(each.found, name, screen)
    else:
        show_order(each.found, name, zone, screen)
    paths, sources = ([getattr(field, name) for field in each.fields] for name in ("path", "source"))
    for field in each.fields:
        path = Styled(f"  {field.path:<{_width(paths)}}  ", "bold")
        mark = Styled("derived  " if field.derived else "", "cyan")
        screen.result(path, f"{field.source:<{_width(sources)}}  ", mark, " → ".join(_way(field, zone)))


def _width(texts: Sequence[str]) -> int:
    """Of a column that holds the texts; the longest may stand out of it."""
    return max((len(each) for each in texts if len(each) <= _WIDEST), default=0)


def _way(field: Explained, zone: tzinfo | None) -> Iterator[str]:
    """What a field was after each thing that was done to it."""
    last = None
    if field.source and not field.source.startswith("="):
        last = field.cell
        yield _shown(last)
    for said, last in field.steps:
        yield said
        yield _shown(last)
    for problem in field.problems:
        yield f"{problem.code} {told(problem)}"
    if field.value is None:
        yield "not sent"
    elif field.value != last:
        yield f"{_shown(field.value)}{_as_moment(field, zone)}"


def _as_moment(field: Explained, zone: tzinfo | None) -> str:
    is_moment = field.path.endswith(("At", "Date")) and isinstance(field.value, int)
    return f" ({moment(int(str(field.value)), zone)})" if is_moment else ""


def _shown(value: object) -> str:
    text = _json(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _json(value: object) -> str:
    match value:
        case Digits():
            return value
        case list():
            return f"[{', '.join(map(_json, value))}]"
        case _:
            with suppress(JsonTextError):
                return pretty(value)
    return ascii(value)  # it is no text: half of a character


def show_reject(found: Reject, name: str, screen: Screen) -> None:
    """Why an order cannot be sent."""
    which = f"order {found.order_id} " if found.order_id else ""
    screen.note(f"{name}:{found.line}: {which}rejected: {reason(found.problems)}")


def show_order(order: Order, name: str, zone: tzinfo | None, screen: Screen) -> None:
    """An order in the words of the shop."""
    for label, text in _reading(order, name, zone):
        screen.note(Styled(f"{label:>10}  ", "bold"), text)


def _reading(order: Order, name: str, zone: tzinfo | None) -> Iterator[tuple[str, str]]:
    properties = order.properties
    known_as = properties.get("orderName", order.order_id)
    also = f" ({known_as})" if known_as != order.order_id else ""
    yield "order", f"{order.order_id}{also} of {moment(properties['createdAt'], zone)}, {name}:{order.line}"
    yield "customer", ", ".join(_customer(order))
    yield from zip(("items", *[""] * _MOST_ITEMS), _items(properties["items"]), strict=False)
    sums = (f"{label} {properties[field]}" for label, field in _SUMS if field in properties)
    yield "total", ", ".join([f"{properties['amount']} {properties.get('currency', '')}".rstrip(), *sums])
    states = [str(properties[field]) for field in _STATES if field in properties]
    if states:
        yield "status", ", ".join(states)


_SUMS = (("tax", "taxAmount"), ("shipping", "shippingAmount"), ("discount", "discountAmount"))
_STATES = ("status", "financialStatus", "fulfillmentStatus")


def _customer(order: Order) -> Iterator[str]:
    """Name, e-mail and phone, as far as they are known, and the uid when it is none of these."""
    person = {**order.properties, **order.customer}
    name = person.get("name") or " ".join(
        str(person[part]) for part in ("firstName", "lastName") if part in person
    )
    parts = [each for each in (name, person.get("email"), person.get("phone")) if each]
    yield from map(str, parts)
    if str(person["uid"]) not in [str(each).lower() for each in parts]:
        yield f"uid {person['uid']}"


def _items(items: Sequence[dict[str, object]]) -> Iterator[str]:
    for each in items[:_MOST_ITEMS]:
        yield f"{each['quantity']} x {each.get('name', each['id'])} at {each['price']}"
    if len(items) > _MOST_ITEMS:
        yield f"… and {len(items) - _MOST_ITEMS} more"


def moment(milliseconds: int, zone: tzinfo | None) -> str:
    """A date as the shop's clock shows it; without a zone that is UTC's."""
    try:
        found = (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(zone or UTC)
    except OverflowError:
        return str(milliseconds)
    return f"{found:%Y-%m-%d %H:%M %Z}"


def show_converted(account: Account, screen: Screen, *, any_fault: bool = False) -> None:
    """How many events there are, and of what there is none; after a fault of a file no option helps."""
    events, rejected = (account.of(each) for each in (Disposition.PENDING, Disposition.REJECTED))
    skipped = account.of(Disposition.SKIPPED)
    others = f"{rejected.orders:,} rejected, {skipped.orders:,} skipped{skip_reasons(account)}"
    if account.held:
        message = f"nothing was written, because {account.held}: {others}"
        screen.error(message, "mend the export" if any_fault else "mend them, or say --skip-invalid")
    else:
        screen.note(f"{counted(events.orders, 'event')} of {counted(account.read.orders, 'order')}: {others}")
