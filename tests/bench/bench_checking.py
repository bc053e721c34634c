"""CPU and memory of `richsync validate`, as a multiple of `csv.reader` alone over the same file.

python tests/bench/bench_checking.py [ORDERS]
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.shop import MAP, measured, write_export

READER = "import csv, sys\nfor row in csv.reader(open(sys.argv[1], newline='', encoding='utf-8')): pass"
IDLE = 'from richsync.cli.app import application; application("validate")'
MAPPER = """
import sys
from pathlib import Path
from richsync.fieldmaps import load
from richsync.model import ReadAs
from richsync.pipeline.readings import Source, opened
export, field_map = sys.argv[1], Path(sys.argv[2])
source = Source(export, load(field_map.read_text(encoding="utf-8"), "map"), ReadAs(), field_map)
with opened(source) as reading:
    for _ in reading.orders: pass
"""
ROUNDS = 3


def main() -> None:
    """Print the ratios, the median of a few rounds."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        field_map = Path(folder, "orders.map.yaml")
        field_map.write_text(MAP, encoding="utf-8")
        for share in (0.0, 0.005, 0.5):
            export = Path(folder, f"orders{share}.csv")
            write_export(export, orders, bad=share)
            rounds = [_round(export, field_map) for _ in range(ROUNDS)]
            mapping, whole, peak = (statistics.median(figures) for figures in zip(*rounds, strict=True))
            what = f"{orders:,} orders, {share:.1%} bad"
            print(f"mapped, {what}: {mapping:.1f} x csv.reader")
            print(f"validate, {what}: {whole:.1f} x csv.reader, peak {peak:.0f} MB")


def _round(export: Path, field_map: Path) -> tuple[float, float, float]:
    """The orders alone, and the whole command, as multiples of the reader; the command's memory in MB."""
    start = measured([sys.executable, "-c", IDLE]).cpu
    reader = measured([sys.executable, "-c", READER, str(export)]).cpu
    mapped = measured([sys.executable, "-c", MAPPER, str(export), str(field_map)])
    command = [sys.executable, "-m", "richsync", "validate", str(export), "-m", str(field_map), "-q"]
    used = measured(command)
    return (mapped.cpu - start) / reader, (used.cpu - start) / reader, used.peak


if __name__ == "__main__":
    main()
