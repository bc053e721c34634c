"""RS5: numbers and moments."""

from richsync.checks.check import ERROR, INFO, WARNING, Check, Example

NUMBERS_AND_DATES = (
    Check(
        "RS501",
        "not-a-number",
        ERROR,
        "{field} is not a number{note}",
        "Money and weights are sent as numbers; what a text in their place means is never guessed.",
        'correct the cell; or say `numbers:`, or `empty: ["n/a"]` if it means nothing, under `export:`',
        Example("total\nfree", "total\n0.00"),
    ),
    Check(
        "RS502",
        "locale-number",
        ERROR,
        "{field} is written in another way than declared{note}",
        "1,234 is a thousand and more in one country and less than two in another: it is never guessed.",
        'say how the export writes numbers, `numbers: "1.234,56"` or `"1,234.56"` under `export:`; '
        "several ways in a list",
        Example(
            'total,price\n"12,50","12,50"',
            'total,price\n"12,50","12,50"',
            mended_map='export: {numbers: "1.234,56"}',
        ),
    ),
    Check(
        "RS503",
        "money-with-symbol",
        ERROR,
        "{field} holds more than the number{note}",
        "Which currency a symbol means, and whether it stands in every cell, is for the map to say.",
        'show it in the example, `numbers: "$1,234.56"` under `export:`, or correct the cell',
        Example(
            "total,price\n$9.50,$9.50",
            "total,price\n$9.50,$9.50",
            mended_map='export: {numbers: "$1,234.56"}',
        ),
    ),
    Check(
        "RS504",
        "not-a-positive-integer",
        ERROR,
        "{field} is not a whole number of 1 or more",
        "Richpanel counts whole pieces.",
        "correct the cell; leave out lines that were cancelled; of what is sold by weight send "
        "`quantity: =1` and the price of the line",
        Example("qty\n0.5", "qty\n1"),
    ),
    Check(
        "RS505",
        "negative-amount",
        WARNING,
        "{field} is below zero",
        "Richpanel adds up what a customer spent; a return is a `financialStatus:`, a discount is positive.",
        "leave such rows out by `where:`; for a sign that means nothing say `do: [abs]`",
        Example("total\n-9.50", "total\n9.50"),
    ),
    Check(
        "RS506",
        "bad-date",
        ERROR,
        "{field} is not a date as declared{note}",
        "A wrong date puts the order at another place in the customer's history.",
        'say how the export writes dates, `dates: "%d.%m.%Y %H:%M"` under `export:`, several ways in a '
        "list; day and month are never guessed; what means nothing is listed under `empty:`",
        Example(
            "date\n05.03.2024 10:30",
            "date\n05.03.2024 10:30",
            'export: {dates: "%d.%m.%Y", timezone: UTC}',
            'export: {dates: "%d.%m.%Y %H:%M", timezone: UTC}',
        ),
    ),
    Check(
        "RS507",
        "impossible-date",
        ERROR,
        "{field} is a day or a time that does not exist",
        "Perhaps day and month are the other way round, or the shop counted on from the end of a month.",
        "correct the cell; if it means nothing, list it under `empty:`",
        Example("date\n2024-02-30T10:00:00Z", "date\n2024-03-01T10:00:00Z"),
    ),
    Check(
        "RS508",
        "undeclared-date",
        ERROR,
        "{field} is not an ISO date, and the map declares no other format{note}",
        "03/04/2024 is in March for some and in April for others: day and month are never guessed.",
        'say how the export writes dates, `dates: "%d/%m/%Y"` under `export:`; '
        "which of day and month comes first is never guessed",
        Example(
            "date\n03/04/2024", "date\n03/04/2024", mended_map='export: {dates: "%d/%m/%Y", timezone: UTC}'
        ),
    ),
    Check(
        "RS509",
        "no-time-zone",
        WARNING,
        "dates carry no time zone{note} and the map names none: read as UTC",
        "Orders of an evening would stand on the next day, or on the day before.",
        "say `timezone: Europe/Berlin`, or `timezone: UTC`, under `export:`",
        Example(
            "date\n2024-03-05 10:00", "date\n2024-03-05 10:00", mended_map="export: {timezone: Europe/Berlin}"
        ),
    ),
    Check(
        "RS510",
        "epoch-unit",
        ERROR,
        "{field} is not in the unit declared{note}",
        "Seconds read as milliseconds are days of January 1970.",
        "say which it is, `dates: epoch` for seconds, `epoch_ms` or `epoch_us`",
        Example(
            "date\n1709632800", "date\n1709632800", "export: {dates: epoch_ms}", "export: {dates: epoch}"
        ),
    ),
    Check(
        "RS522",
        "clock-change",
        INFO,
        "{field} falls into a change of the clock: the time {note}",
        "On that night an hour stands twice, or not at all.",
        "nothing; an offset in the export, or times in UTC, would settle it",
        Example(
            "date\n2024-10-27 02:30", "date\n2024-10-27T02:30:00+02:00", "export: {timezone: Europe/Berlin}"
        ),
    ),
    Check(
        "RS523",
        "ambiguous-value",
        ERROR,
        "{field} cannot be read for sure{note}",
        "Several ways are declared, and two of them give another value: which one is meant is never guessed.",
        "leave only the way in which the export writes it, or say it with the field, "
        "`do: [date: …]` or `do: [number: …]`",
        Example(
            "date\n03.04.2024",
            "date\n03.04.2024",
            'export: {dates: ["%d.%m.%Y", "%m.%d.%Y"], timezone: UTC}',
            'export: {dates: "%d.%m.%Y", timezone: UTC}',
        ),
    ),
    Check(
        "RS524",
        "exchanged-date",
        ERROR,
        "{field} has day and month the other way round than declared{note}",
        "Then those that can be read both ways may be wrong as well: no date of the column can be trusted.",
        "if all are so, change `dates:` under `export:`; if the shop writes both, it has to be mended there",
        Example(
            "id,date\n1,03/04/2024\n2,03/25/2024",
            "id,date\n1,03/04/2024\n2,03/25/2024",
            'export: {dates: "%d/%m/%Y", timezone: UTC}',
            'export: {dates: "%m/%d/%Y", timezone: UTC}',
        ),
        whole=True,
    ),
)
