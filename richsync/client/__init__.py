"""The network: the driver of a delivery, and the only door to httpx."""

from richsync.client.door import Destination, Limits, checked_origin
from richsync.client.driver import Recorder, Watcher, deliver

__all__ = ["Destination", "Limits", "Recorder", "Watcher", "checked_origin", "deliver"]
