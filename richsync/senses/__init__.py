"""What a whole finished order says about itself: what may be wrong although every field could be read."""

from richsync.senses.judging import judged, weighed

__all__ = ["judged", "weighed"]
