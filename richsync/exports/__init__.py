"""Reading an export: bytes to records, once and streamed, whatever the size of the file.

The stages, each a small module: `sources` (bytes of a file or stdin) → `archives` (gzip, `zips`) → `texts`
(encoding) → `lines` → `rows` (CSV, below what `headers` finds) or `objects` (JSON, line by line, or found in
a moving `windows.Window`) → `export`. A stage that cannot go on hands an `Odd` down instead of more data, so
that everything before the fault is still read.
"""

from richsync.exports.export import Export, open_export
from richsync.exports.places import filled, locate, place_of, spans

__all__ = ["Export", "filled", "locate", "open_export", "place_of", "spans"]
