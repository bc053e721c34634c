"""The network: the driver of a delivery, and the only door to httpx."""

from richsync.client.door import Destination, Limits, checked_origin
from richsync.client.driver import Recorder, Watcher, deliver
from richsync.client.reader import Reader

__all__ = ["Destination", "Limits", "Reader", "Recorder", "Watcher", "checked_origin", "deliver"]
