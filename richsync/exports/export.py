"""An export, opened, looked at, and read once."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, islice
from operator import length_hint
from types import TracebackType
from typing import BinaryIO, Self

from richsync.exports.archives import unpack
from richsync.exports.formats import begin, check
from richsync.exports.lines import LONGEST, Lines
from richsync.exports.numbering import Numbering
from richsync.exports.sources import Source, open_source
from richsync.exports.texts import Texts
from richsync.model import Problem, ReadAs, Record

_SAMPLE = 1000


def open_export(source: str, read_as: ReadAs, stdin: BinaryIO | None = None) -> "Export":
    """Open a path, or `-` for standard input, and look at its first records.

    Raises:
        UnusableError: it cannot be read, or not as told (an unknown format, encoding or delimiter).
    """
    check(read_as)
    with ExitStack() as stack:
        opened = open_source(source, stdin)
        stack.callback(opened.close)
        export = Export(opened, read_as)
        stack.pop_all()
        return export


class Export:
    """A context manager that closes the file, and an iterable of its records, once.

    What was found: `name` as the user wrote it, `size` in bytes or None, `format` ("csv"; "jsonl" with an
    object a line, "json" in any other shape), `compression` ("none", "gzip", "zip"), `encoding`, `bom`,
    `delimiter` ("" for JSON), `newline` of the header, `columns` (a repeated name ends in `#2`), `header` as
    its text stands with all above it, `preamble`, the number of lines above, `lines_kept`, whether raw text
    is lines as they stand, `sample`, at most the first 1,000 records, which iteration yields again.

    A fault of the file as a whole is its last record, and may be its only one. Iterating raises
    `UnusableError` when the disk fails.
    """

    def __init__(self, source: Source, read_as: ReadAs) -> None:
        unpacked = unpack(source.blocks())
        texts = Texts(unpacked.blocks, read_as.encoding)
        self._source = source
        self._texts = texts
        self._lines = Lines(texts)
        reading = begin(self._lines, read_as)
        self.name = source.name
        self.size = source.size
        self.format = reading.format
        self.compression = unpacked.compression
        self.bom = texts.bom
        self.delimiter = reading.delimiter
        self.newline = reading.newline
        self.columns = reading.columns
        self.header = reading.header
        self.preamble = reading.preamble
        self.lines_kept = reading.lines_kept
        looked_at = _first(reading.batches)
        self.sample: tuple[Record, ...] = tuple(islice(chain.from_iterable(looked_at), _SAMPLE))
        self._begun = 0
        self._numbering = Numbering()
        self._batch: Iterator[Record] = iter(())
        self._records = chain.from_iterable(self._counted(chain(looked_at, reading.batches)))

    def __iter__(self) -> Iterator[Record]:
        return self._records

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._source.close()

    @property
    def encoding(self) -> str:
        """Python's name of it; what is guessed in the middle of a file is known when it is read so far."""
        return self._texts.encoding

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be said of the file as a whole without stopping at it, when iteration has ended."""
        odd = self._texts.guessed
        return (Problem(odd.code, note=f"{odd.note}: read as {self.encoding}"),) if odd else ()

    @property
    def records(self) -> int:
        """Records yielded so far."""
        return self._begun - length_hint(self._batch)

    def record_at(self, line: int) -> int | None:
        """The number, from 1, of the record on a line; None when it is not known."""
        return self._numbering.at(line)

    @property
    def line(self) -> int:
        """Physical lines read so far, which may be some ahead of the record last yielded."""
        return self._lines.number

    @property
    def bytes_read(self) -> int:
        """Bytes read so far of the file as it is stored, compressed or not."""
        return self._source.bytes_read

    @property
    def sha256(self) -> str:
        """Of the file as it is stored, in hex; of all of it when iteration has ended.

        A pipe that faults is not read to its end: then it is of what was read.
        """
        return self._source.sha256

    def _counted(self, batches: Iterator[list[Record]]) -> Iterator[Iterator[Record]]:
        # The count is worked out when it is asked for: counting in the loop would cost every record.
        for batch in batches:
            self._begun += len(batch)
            self._numbering.take(batch)
            self._batch = iter(batch)
            yield self._batch
        self._source.drain()


def _first(batches: Iterator[list[Record]]) -> list[list[Record]]:
    """Enough batches for the sample, and no more text of them than a line may have."""
    looked_at: list[list[Record]] = []
    records = size = 0
    while records < _SAMPLE and size < LONGEST and (batch := next(batches, None)) is not None:
        looked_at.append(batch)
        records += len(batch)
        size += sum(len(raw) for _, _, raw in batch)
    return looked_at
