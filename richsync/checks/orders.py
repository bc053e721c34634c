"""RS7: several rows, several orders."""

from richsync.checks.check import ERROR, WARNING, Check, Example

ORDERS = (
    Check(
        "RS701",
        "duplicate-order",
        WARNING,
        "the order stands here again, in the same form ({note})",
        "Exports that overlap give this: it is sent once.",
        "nothing: the later one is skipped",
        Example("id\n1\n2\n1", "id\n1\n2"),
    ),
    Check(
        "RS702",
        "conflicting-order",
        ERROR,
        "one order id, several orders ({note})",
        "Sent one after the other, the last would overwrite the others.",
        "keep the right one, or say under `export:` which counts, `repeats: newest`; "
        "if the rows are lines of one order, say `group: <column>`",
        Example("id,total\n1,9.50\n2,9.50\n1,8.50", "id,total\n1,9.50\n2,9.50\n3,8.50"),
    ),
    Check(
        "RS703",
        "scattered-order",
        ERROR,
        "rows of one order are not next to each other ({note})",
        "Taken for an order of its own, each part would overwrite the one before.",
        "say `scattered: true` under `export:`, or sort the export by the order id",
        Example(
            "id,product\n1,Tea\n2,Cup\n1,Cup",
            "id,product\n1,Tea\n2,Cup\n1,Cup",
            "export: {group: id}",
            "export: {group: id, scattered: true}",
        ),
    ),
    Check(
        "RS704",
        "order-lines-disagree",
        WARNING,
        "{field} differs between the rows of one order: the first row's is taken",
        "One of the two is not sent. It is an error where the rows are of two customers.",
        "check which is right; rows of two customers are not one order: tell them apart with `group:`",
        Example("id,total\n1,9.50\n1,8.50", "id,total\n1,9.50\n1,9.50", "export: {group: id}"),
    ),
    Check(
        "RS706",
        "order-id-changed",
        ERROR,
        "the order was accepted under another id ({note}): sending it again would double the history",
        "Nothing in Richpanel can be deleted: the same orders under new ids double every customer's totals.",
        "restore `orderId:` in the map; only if the new ids are meant, say --new-ids",
        Example("id\n1", "id\n1", 'order: {orderId: "W-{id}"}', ""),
    ),
    Check(
        "RS707",
        "older-than-accepted",
        WARNING,
        "the order was accepted in a later form ({note})",
        "Richpanel keeps the form that came last: an older export takes a newer one back.",
        "import the newest export; if the older form is meant, nothing",
        Example(
            "id,changed\n1,2024-03-06T10:00:00Z",
            "id,changed\n1,2024-03-08T10:00:00Z",
            "order: {updatedAt: changed}",
        ),
    ),
    Check(
        "RS711",
        "rows-without-order",
        WARNING,
        "rows of {column} match no order of the export ({note})",
        "What they say is sent with no order.",
        "check `match:` in the map, or that both files are of the same orders",
        Example(
            "id\n1",
            "id\n2",
            "order: {shippingAmount: {file: costs.csv, match: {order: id}, from: cost, aggregate: sum}}",
            beside=("costs.csv", "order,cost\n2,3.00\n"),
        ),
    ),
    Check(
        "RS712",
        "orphan-record",
        ERROR,
        "the record belongs to one that is not there ({note})",
        "A line whose order is missing is sent with no order.",
        "export it again: what it is a part of was cut away or filtered out",
        Example(
            '{"id": "1"}\n{"id": "5", "parent": "2"}',
            '{"id": "1"}\n{"id": "5", "parent": "1"}',
            "export: {parent: parent}",
        ),
    ),
    Check(
        "RS713",
        "no-joined-row",
        WARNING,
        "{column} has no row for {note} in the export: the fields from it are empty",
        "What the shop knows of the customer, or of a product, is not sent.",
        "check `match:` in the map, or that the file is whole",
        Example(
            "id,buyer\n1,8",
            "id,buyer\n1,7",
            "export: {join: {buyer: {file: buyers.csv, match: {no: buyer}}}}\ncustomer: {name: $buyer.name}",
            beside=("buyers.csv", "no,name\n7,Ann Lee\n"),
        ),
    ),
    Check(
        "RS714",
        "several-joined-rows",
        WARNING,
        "{column} has several rows for {note}: the first of them is taken",
        "It may be the wrong one, an old address or another customer's.",
        "say which counts, `where: {type: billing}` beside its `match:`; where all count, take them as lines "
        "or add them up: `{file: …, match: …, from: …, aggregate: sum}`",
        Example(
            "id,buyer\n1,7",
            "id,buyer\n1,7",
            "export: {join: {buyer: {file: buyers.csv, match: {no: buyer}}}}\ncustomer: {name: $buyer.name}",
            "export: {join: {buyer: {file: buyers.csv, match: {no: buyer}, where: {old: empty}}}}\n"
            "customer: {name: $buyer.name}",
            beside=("buyers.csv", "no,name,old\n7,Ann Day,yes\n7,Ann Lee,\n"),
        ),
    ),
)
