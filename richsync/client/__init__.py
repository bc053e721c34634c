"""The network: where orders go, who takes part, and the only door to httpx.

What a run needs that sends nothing is here; whoever sends or asks loads `driver` or `reader`, and httpx.
"""

from richsync.client.destinations import Destination, Limits, checked_origin
from richsync.client.roles import Recorder, Watcher

__all__ = ["Destination", "Limits", "Recorder", "Watcher", "checked_origin"]
