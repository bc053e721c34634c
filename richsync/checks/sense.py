"""RS6: what an order says about itself."""

from richsync.checks.check import INFO, WARNING, Check, Example

_CANCELLED = "order: {status: state, fulfillmentStatus: shipping}"

SENSE = (
    Check(
        "RS601",
        "total-mismatch",
        WARNING,
        "amount is not the sum of items, tax, shipping and discount ({note})",
        "Where many do not add up, a column is often mapped wrong: `price:` is of one unit, not of a line.",
        "check `amount:`, `price:` and `quantity:`; orders with fees or returns may well not add up",
        Example(
            "total,price,qty,discount\n20.00,20.00,2,0",
            "total,price,qty,discount\n20.00,10.00,2,0",
            "order: {discountAmount: discount, taxAmount: =0, shippingAmount: =0}",
        ),
    ),
    Check(
        "RS603",
        "future-date",
        WARNING,
        "{field} lies in the future ({note})",
        "Until then the order stands before all later ones as the customer's latest.",
        "check the column, and day and month in `dates:`; --as-of judges by another day",
        Example("date\n2924-03-05T10:00:00Z", "date\n2024-03-05T10:00:00Z"),
    ),
    Check(
        "RS604",
        "implausible-date",
        WARNING,
        "{field} is before there were web shops ({note})",
        "Empty dates are often written as 0, 1970 or 1900.",
        "correct the cell; if it means nothing, list it under `empty:`",
        Example("date\n1900-01-01T00:00:00Z", "date\n2024-03-05T10:00:00Z"),
    ),
    Check(
        "RS605",
        "updated-before-created",
        WARNING,
        "{field} is before createdAt ({note})",
        "One of the two is wrong, or day and month are the other way round in one of them.",
        "check both columns",
        Example(
            "changed\n2024-01-05T10:00:00Z",
            "changed\n2024-05-01T10:00:00Z",
            "order: {updatedAt: changed}",
        ),
    ),
    Check(
        "RS608",
        "over-fulfilled",
        WARNING,
        "more of a product was shipped than ordered ({note})",
        "The quantity of one of the two is read from the wrong column, or rows were counted twice.",
        "check `quantity:` of `items:` and of the fulfillment",
        Example(
            "parcel,sent\nP1,3",
            "parcel,sent\nP1,1",
            "order: {fulfillment: {id: parcel, "
            "items: {id: product, name: product, price: price, quantity: sent}}}",
        ),
    ),
    Check(
        "RS609",
        "state-conflict",
        WARNING,
        "the states of the order do not fit each other ({note})",
        "Whoever answers the customer reads both.",
        "check the columns, and the order in the shop",
        Example("state,shipping\ncancelled,fulfilled", "state,shipping\ncancelled,unfulfilled", _CANCELLED),
    ),
    Check(
        "RS610",
        "mixed-currency",
        INFO,
        "the orders are in several currencies ({note})",
        "Richpanel adds up what a customer spent, whatever the currency.",
        "nothing, if the shop sells in all of them",
        Example("id,money\n1,EUR\n2,USD", "id,money\n1,EUR\n2,EUR", "order: {currency: money}"),
    ),
)
