"""RS4: what is missing."""

from richsync.checks.check import ERROR, INFO, WARNING, Check, Example

PRESENCE = (
    Check(
        "RS401",
        "missing-required",
        ERROR,
        "{field} is empty{note}",
        "Richpanel needs it of every order, and drops an order without it silently.",
        "fill it in, map it with a `default:`, or leave it out by `where:`; a word that means nothing is "
        "also listed under `empty:`",
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
        'map `uid: {first_of: [<e-mail>, <phone>, "guest-{<order number>}"]}` under `customer:`; if '
        'a word stands for nobody, add it to `empty: ["NULL"]` under `export:`',
        Example(
            "email,phone\n,+45 20 30 40 50",
            "email,phone\n,+45 20 30 40 50",
            "customer: {phone: phone}",
            "customer: {uid: {first_of: [email, phone]}, phone: phone}",
        ),
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
        "RS405",
        "unreachable-customer",
        WARNING,
        "the customer has neither e-mail nor phone",
        "The order stands with a profile that no message will ever meet.",
        "map `email:` or `phone:` under `customer:`, if the shop has one; of guests the map says so, "
        '`uid: {first_of: [Email, "guest-{Order}"]}`',
        Example("email\n", "email\nann@example.com", "customer: {uid: id}"),
    ),
    Check(
        "RS406",
        "null-like-text",
        INFO,
        "{column} holds words that may mean nothing",
        "They would be sent as they are, a city called NULL.",
        'for "n/a" as "no value" add `empty: ["n/a"]` under `export:` in the map',
        Example(
            "city\nn/a",
            "city\nn/a",
            "order: {billingCity: city}",
            "export: {empty: [n/a]}\norder: {billingCity: city}",
        ),
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
