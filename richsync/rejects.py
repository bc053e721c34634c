"""The rejects file: the export in small, every row of a rejected order as its raw text stood.

Same encoding, delimiter and header, plus a last column `_richsync_errors` (in JSONL a last member). Records
that cannot carry a column go to a second file beside it, `….raw`, below the export's own header. Mended, both
are imported like any export.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple, TextIO

from richsync.files import is_changed, written_whole
from richsync.jsontext import dumps
from richsync.model import ERRORS_COLUMN

_MEMBER = rf'(?<!\\)"{ERRORS_COLUMN}"\s*:\s*"(?:[^"\\]|\\.)*+"'
_OLD_MEMBER = rf"\s*,\s*{_MEMBER}(?=\s*[,}}])|{_MEMBER}\s*,?\s*"


class Form(NamedTuple):
    """How the export is written; `header` is its header's raw text, "" for JSONL.

    `columns` are its columns' names, also of those that the header does not name.
    """

    format: str
    encoding: str
    bom: bool
    delimiter: str
    newline: str
    header: str
    columns: Sequence[str] = ()


class Row(NamedTuple):
    """The rows of one rejected order, and why it was rejected."""

    raw: str
    tabular: bool
    why: str


class Written(NamedTuple):
    """The files that hold rejects now, and how many orders are in each."""

    path: Path
    orders: int
    raw_path: Path
    raw_orders: int

    @property
    def files(self) -> list[Path]:
        """Those that are there: one that would be empty is not."""
        both = ((self.path, self.orders), (self.raw_path, self.raw_orders))
        return [path for path, orders in both if orders]


def default_path(source: str) -> Path:
    """`orders.csv`, also `orders.csv.gz` → `orders.rejects.csv`; for standard input `stdin.rejects`."""
    path = Path("stdin" if source == "-" else source.removesuffix(".gz").removesuffix(".zip"))
    return path.with_name(f"{path.stem}.rejects{path.suffix}")


def is_kept(path: Path) -> bool:
    """Whether one of the files that would be written is being mended, or was never one of ours."""
    return is_changed(path) or is_changed(_raw(path))


def beside(path: Path) -> Path:
    """The path, or `orders.rejects.2.csv`, `orders.rejects.3.csv` and so on where files are kept."""
    others = (path.with_name(f"{path.stem}.{number}{path.suffix}") for number in count(2))
    return next(each for each in chain([path], others) if not is_kept(each))


def write_rejects(path: Path, form: Form, rejects: Iterable[Row]) -> Written:
    """Write both files whole and rename them; one that would be empty is taken away. What is kept is not.

    Raises:
        UnusableError: the folder cannot be written.
    """
    path = beside(path)
    raw_path = _raw(path)
    with _written(path, form) as table, _written(raw_path, form) as loose:
        counts = {True: 0, False: 0}
        for reject in rejects:
            file = table if reject.tabular else loose
            if not counts[reject.tabular]:
                file.write("\ufeff" * form.bom)
                file.write(_headed(form) if reject.tabular else form.header)
            file.write(_marked(reject, form) if reject.tabular else reject.raw)
            counts[reject.tabular] += 1
    return Written(path, counts[True], raw_path, counts[False])


def _raw(path: Path) -> Path:
    return path.with_name(f"{path.name}.raw")


def _written(path: Path, form: Form) -> AbstractContextManager[TextIO]:
    hint = "name another place with --rejects FILE"
    return written_whole(path, "the rejects", hint, form.encoding, keeps_empty=False)


def _headed(form: Form) -> str:
    if not form.header or ERRORS_COLUMN in form.columns:
        return form.header
    body, end = _ended(form.header, form.newline)
    *_, named = csv.reader(_lines(form.header), delimiter=form.delimiter)
    more = len(form.columns) - len(named)
    body = body.rsplit(form.delimiter, max(-more, 0))[0]
    return body + form.delimiter * (max(more, 0) + 1) + ERRORS_COLUMN + end


def _marked(reject: Row, form: Form) -> str:
    """The order's rows, the reason in the last column of each, or where a reason stands already."""
    if form.format != "csv":
        return "".join(_member(line, reject.why) for line in _lines(reject.raw))
    return "".join(_with_cell(row, reject.why, form) for row in _rows(reject.raw, form))


def _rows(raw: str, form: Form) -> Iterator[str]:
    """The rows in their raw text: a row ends where its quotes are closed."""
    lines = _lines(raw)
    if len(lines) == 1:  # as almost always
        yield raw
        return
    reader = csv.reader(lines, delimiter=form.delimiter)
    done = 0
    for _ in reader:
        yield "".join(lines[done : reader.line_num])
        done = reader.line_num


def _lines(text: str) -> list[str]:
    # `splitlines` would also cut at U+2028 and form feeds, which may stand in a cell.
    return io.StringIO(text, newline="").readlines()


def _with_cell(row: str, why: str, form: Form) -> str:
    cell = _cell(why, form.delimiter)
    body, end = _ended(row, form.newline)
    if ERRORS_COLUMN not in form.columns:
        return body + form.delimiter + cell + end
    start, stop = _span(body, form.columns.index(ERRORS_COLUMN), form.delimiter)
    return body[:start] + cell + body[stop:] + end


@lru_cache(maxsize=1024)
def _cell(text: str, delimiter: str) -> str:
    # The same is said of order after order.
    # The writer quotes what its own line end is made of, and a column's name may hold a line break.
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow([text])
    return out.getvalue().removesuffix("\r\n")


def _span(row: str, index: int, delimiter: str) -> tuple[int, int]:
    """Where a cell of a row stands in its raw text."""
    mark = re.escape(delimiter)
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^{mark}]*+)'
    found = re.match(rf"(?:{cell}{mark}){{{index}}}({cell})", row)
    return found.span(1) if found else (len(row), len(row))


def _member(line: str, why: str) -> str:
    body, end = _ended(re.sub(_OLD_MEMBER, "", line), "\n")
    head = body[: body.rindex("}")].rstrip()
    comma = "" if head.endswith("{") else ","
    return f'{head}{comma}"{ERRORS_COLUMN}":{dumps(why).decode()}}}{end}'


def _ended(row: str, newline: str) -> tuple[str, str]:
    body = row.rstrip("\r\n")
    return body, row[len(body) :] or newline
