"""A local receiver that speaks Richpanel's endpoints, for rehearsals and tests; on loopback only.

It is stricter than the real one is known to be: what that one would swallow silently is answered with 400
and listed as a fault. Endpoints: `POST /v2/bt`, `GET /v1/order/{key}/{id}`, and pages at `/`.
"""

from richsync.sandbox.receiver import WAITING, Behaviour
from richsync.sandbox.server import Sandbox
from richsync.sandbox.store import Stored

__all__ = ["WAITING", "Behaviour", "Sandbox", "Stored"]
