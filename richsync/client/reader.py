"""Reading back: one order asked for at a time, the way Richpanel's REST API gives it.

Source: Richpanel's REST API, `GET /v1/order/{appClientId}/{orderId}` with the header `x-richpanel-key`.
"""

from types import TracebackType
from typing import Self
from urllib.parse import quote

from richsync.client.destinations import Destination
from richsync.client.door import Desk
from richsync.errors import UnusableError
from richsync.model import Reply


class Reader:
    """Asks for orders of one account; a context that closes its connection.

    Raises:
        UnusableError: the REST key cannot stand in a header, or the environment's proxies cannot be used.
    """

    def __init__(self, destination: Destination, api_key: str, rest_key: str) -> None:
        if not (rest_key.isascii() and rest_key.isprintable()):
            raise UnusableError(
                "the REST key holds characters that no key has", "copy it again from Richpanel"
            )
        self._path = f"/v1/order/{_segment(api_key)}/"
        self._headers = {"x-richpanel-key": rest_key}
        self._private = (api_key, rest_key)
        self._desk = Desk(destination)

    def __enter__(self) -> Self:
        self._desk.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.__exit__(kind, error, trace)

    def read(self, order_id: str) -> Reply:
        """What the receiver says of an order; a failure of any kind is a reply without a status."""
        reply = self._desk.get(self._path + _segment(order_id), self._headers)
        return reply._replace(private=self._private)


def _segment(text: str) -> str:
    """A text as one segment of a path, also `..`, which would lead out of it."""
    quoted = quote(text, safe="", errors="replace")
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")
