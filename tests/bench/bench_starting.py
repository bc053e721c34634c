"""CPU and time of `richsync validate` of one row, as a multiple of loading typer and rich alone.

python tests/bench/bench_starting.py
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.shop import MAP, measured, write_export

LIBRARIES = [sys.executable, "-c", "import typer, rich"]
ROUNDS = 15


def main() -> None:
    """Print the ratios of the fastest rounds: whatever else the machine does only adds."""
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder, "orders.csv")
        write_export(export, 1)
        export.with_suffix(".map.yaml").write_text(MAP, encoding="utf-8")
        command = [sys.executable, "-m", "richsync", "validate", str(export)]
        rounds = [(*_spent(LIBRARIES), *_spent(command)) for _ in range(ROUNDS)]
    loaded, waited, used, took = map(min, zip(*rounds, strict=True))
    print(
        f"validate, 1 order: {used / loaded:.2f} x typer and rich in CPU, {took / waited:.2f} x in time "
        f"({took * 1000:.0f} ms)"
    )


def _spent(command: Sequence[str]) -> tuple[float, float]:
    """Seconds of CPU, and on the clock."""
    began = time.perf_counter()
    return measured(command).cpu, time.perf_counter() - began


if __name__ == "__main__":
    main()
