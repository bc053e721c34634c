"""The field map: which column of an export holds what.

`load` reads the YAML into a `FieldMap`; `bind` resolves its names once against an export's header and gives
closures that fill dictionaries from a row, or from a chunk of rows at once.
"""

from richsync.fieldmaps.binding import bind
from richsync.fieldmaps.bound import Bound
from richsync.fieldmaps.language import load
from richsync.fieldmaps.model import FieldMap

__all__ = ["Bound", "FieldMap", "bind", "load"]
