"""What the tests of reading share: bytes as an export, and what is read of them."""

import io

from richsync.exports import Export, open_export
from richsync.model import Odd, ReadAs, Record

HEADER = b"id,name\n"


def opened(data: bytes, read_as: ReadAs = ReadAs()) -> Export:  # noqa: B008 - a frozen value
    return open_export("-", read_as, io.BytesIO(data))


def told(records: list[Record]) -> list[tuple[int, object]]:
    """Lines with cells or codes."""
    return [(line, row.code if isinstance(row, Odd) else row) for line, row, _ in records]


def read(data: bytes, read_as: ReadAs = ReadAs()) -> list[tuple[int, object]]:  # noqa: B008 - a frozen value
    return told(list(opened(data, read_as)))


def only(data: bytes, read_as: ReadAs = ReadAs()) -> Odd:  # noqa: B008 - a frozen value
    """The last record, which is odd."""
    *_, (_, odd, _) = opened(data, read_as)
    assert isinstance(odd, Odd)
    return odd
