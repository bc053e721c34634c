"""The journeys of richsync: `surveys` (validate, preview) and `imports`."""
