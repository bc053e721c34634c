"""RS4: what is missing."""

from richsync.checks.check import ERROR, Check, Example

PRESENCE = (
    Check(
        "RS401",
        "missing-required",
        ERROR,
        "{field} is empty",
        "Richpanel needs it of every order, and drops an order without it silently.",
        "fill it in, map it with a `default:`, or leave it out by `where:`",
        Example("total\n", "total\n9.50"),
    ),
    Check(
        "RS402",
        "no-items",
        ERROR,
        "the order has no items",
        "Richpanel drops an order without items silently.",
        "Richpanel needs at least one: check what `items:` maps, or leave such orders out by `where:`",
        Example("product,price,qty\n,,", "product,price,qty\nTea,9.50,1"),
    ),
    Check(
        "RS403",
        "no-customer",
        ERROR,
        "the order has neither uid nor e-mail",
        "It would belong to nobody.",
        'map `uid: {first_of: [<e-mail>, <phone>, "guest-{<order number>}"]}` under `customer:`',
        Example("email\n", "email\n", mended_map='customer: {uid: {first_of: [email, "guest-{id}"]}}'),
    ),
    Check(
        "RS404",
        "no-date",
        ERROR,
        "createdAt is empty",
        "Without it Richpanel takes the day of the import, and an old order appears as the latest.",
        "fill it in; a shop knows when an order was placed",
        Example("date\n", "date\n2024-03-05T10:00:00Z"),
    ),
    Check(
        "RS407",
        "empty-fulfillment",
        ERROR,
        "of several fulfillments one has no items",
        "Which of the order's items it holds cannot be known.",
        "map `items:` in it",
        Example(
            "id,parcel\n1,P1\n1,P2",
            "id,parcel\n1,P1\n1,P2",
            "export: {group: id}\norder: {fulfillment: {id: parcel}}",
            "export: {group: id}\norder: {fulfillment: {id: parcel, items: "
            "{id: product, name: product, price: price, quantity: qty}}}",
        ),
    ),
)
