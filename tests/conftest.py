"""What holds for every test."""

import os

from hypothesis import settings

# How long an example takes says something about the machine, not about richsync. CI tries the same examples
# each time, so that it fails for a change and not by chance.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")
