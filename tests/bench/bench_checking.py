"""CPU and memory of `richsync validate`, as a multiple of `csv.reader` alone over the same file.

python tests/bench/bench_checking.py [ORDERS]
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.shop import MAP, measured, write_export

READER = "import csv, sys\nfor row in csv.reader(open(sys.argv[1], newline='', encoding='utf-8')): pass"
IDLE = "from richsync.cli.app import application; application()"
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
            ratios = [_ratio(export, field_map) for _ in range(ROUNDS)]
            cpu, peak = statistics.median(each[0] for each in ratios), max(each[1] for each in ratios)
            print(f"validate, {orders:,} orders, {share:.1%} bad: {cpu:.1f} x csv.reader, peak {peak:.0f} MB")


def _ratio(export: Path, field_map: Path) -> tuple[float, float]:
    start = measured([sys.executable, "-c", IDLE]).cpu
    reader = measured([sys.executable, "-c", READER, str(export)]).cpu
    command = [sys.executable, "-m", "richsync", "validate", str(export), "-m", str(field_map), "-q"]
    used = measured(command)
    return (used.cpu - start) / reader, used.peak


if __name__ == "__main__":
    main()
