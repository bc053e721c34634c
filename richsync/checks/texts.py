"""RS5: ids, addresses and words."""

from richsync.checks.check import ERROR, INFO, WARNING, Check, Example

TEXTS = (
    Check(
        "RS511",
        "bad-email",
        WARNING,
        "{field} is not an e-mail address",
        "Nobody can be reached by it. Where it is the uid it is an error: it says who the customer is.",
        "correct the cell, or clear it",
        Example("email\nann.example.com", "email\nann@example.com", "customer: {uid: id}"),
    ),
    Check(
        "RS512",
        "scientific-notation",
        ERROR,
        "{field} was turned into a number by a spreadsheet, digits are lost",
        "Several orders would share one id, and overwrite each other.",
        "export again and do not open the file in a spreadsheet, or format the column as text first",
        Example("id\n1.23457E+12", "id\n1234567890123"),
    ),
    Check(
        "RS513",
        "spreadsheet-error",
        ERROR,
        "{column} holds a spreadsheet's error",
        "The value was lost before the export.",
        "mend the formula and export again",
        Example("product\n#REF!", "product\nTea"),
    ),
    Check(
        "RS514",
        "text-apostrophe",
        INFO,
        "{column} has cells that begin with an apostrophe, as spreadsheets mark text: it was taken off",
        "The file went through a spreadsheet, which may have changed other cells without a mark.",
        "nothing, if ids, phones and postcodes are whole",
        Example("zip\n'02108", "zip\n02108", "order: {billingPostcode: zip}"),
    ),
    Check(
        "RS515",
        "bad-currency",
        WARNING,
        "{field} is not a currency's code (ISO 4217)",
        "Richpanel shows the amount without its currency, or with a wrong one.",
        "correct the cell; translate it, `lookup: {€: EUR}`, or say `do: [upper]`",
        Example(
            "money\n€",
            "money\n€",
            "order: {currency: money}",
            "order: {currency: {from: money, lookup: {€: EUR}}}",
        ),
    ),
    Check(
        "RS516",
        "currency-decimals",
        WARNING,
        "{field} has more decimals than its currency ({note})",
        "A total is paid in whole cents: perhaps it is of another currency, or another column is meant.",
        "check `amount:` and `currency:`",
        Example("total,price\n9.5,9.5", "total,price\n9,9", "order: {currency: =JPY}"),
    ),
    Check(
        "RS517",
        "bad-url",
        WARNING,
        "{field} is not the address of a page",
        "A link to it leads nowhere: it begins with https:// or http://.",
        'make it whole in the map, `"https://shop.example{Link}"`, or leave it out',
        Example(
            "link\n/orders/1",
            "link\n/orders/1",
            "order: {statusUrl: link}",
            'order: {statusUrl: "https://shop.example{link}"}',
        ),
    ),
    Check(
        "RS518",
        "bad-boolean",
        ERROR,
        "{field} is neither true nor false",
        "Whether the stored shipments are replaced must not be guessed.",
        "say the words, `boolean: [SIM, NÃO]`",
        Example(
            "all,parcel\naye,P1",
            "all,parcel\naye,P1",
            "order: {deleteFulfillmentAndCreate: all, fulfillment: {id: parcel}}",
            "order: {deleteFulfillmentAndCreate: {from: all, do: [boolean: [aye, nay]]}, "
            "fulfillment: {id: parcel}}",
        ),
    ),
    Check(
        "RS520",
        "leading-zero-lost",
        WARNING,
        "{field} is shorter than a postcode of its country ({note})",
        "A spreadsheet took it for a number and dropped the zero it began with.",
        "export again and do not open the file in a spreadsheet",
        Example(
            "zip,land\n2108,US", "zip,land\n02108,US", "order: {billingPostcode: zip, billingCountry: land}"
        ),
    ),
    Check(
        "RS521",
        "float-shaped-id",
        ERROR,
        "{field} was turned into a decimal number",
        "A shop has one of them, and 1001 and 1001.0 would be two orders.",
        "export again with the ids as text",
        Example("id\n1001.0", "id\n1001"),
    ),
)
