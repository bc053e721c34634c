"""What a whole finished order says about itself: what may be wrong although every field could be read.

A sense looks at many orders at once and is in a hurry; a tally looks at some of all and speaks at the end.
Each module holds those about one thing, and `judging` puts together the ones that a map needs.
"""

from richsync.senses.judging import Senses, weighed
from richsync.senses.money import several
from richsync.senses.sense import Clues

__all__ = ["Clues", "Senses", "several", "weighed"]
