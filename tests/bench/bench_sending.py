"""Orders a second from plan to settled into a sink on this machine, beside bare httpx with the same bodies.

python tests/bench/bench_sending.py [ORDERS]
"""

import asyncio
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx

from richsync.fieldmaps import load
from richsync.model import ReadAs
from richsync.pipeline.readings import Source
from richsync.pipeline.validations import opened_all, survey_all
from richsync.plans import Place, Plan, Spool
from richsync.wire import Packer, Sender
from tests.bench.shop import MAP, measured, write_export
from tests.small import Quiet

LANES = 4
ROUNDS = 3
API_KEY = "bench"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            writer.write(REPLY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def sink(port: "multiprocessing.sharedctypes.Synchronized[int]", ready: Event) -> None:
    """A receiver that only counts."""

    async def serve() -> None:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0, limit=1024 * 1024)
        port.value = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    asyncio.run(serve())


async def bare(origin: str, bodies: list[bytes]) -> float:
    """Seconds that httpx alone needs for the bodies, with as many lanes."""
    left = iter(bodies)
    limits = httpx.Limits(max_connections=LANES)
    async with httpx.AsyncClient(limits=limits) as client:

        async def lane() -> None:
            for body in left:
                (await client.post(f"{origin}/v2/bt", content=body)).raise_for_status()

        started = time.monotonic()
        await asyncio.gather(*(lane() for _ in range(LANES)))
        return time.monotonic() - started


def bodies_of(export: Path, field_map: Path) -> list[bytes]:
    """What the import sends, byte for byte."""
    source = Source(str(export), load(MAP, str(field_map)), ReadAs(), field_map)
    place = Place(export.parent, "the folder of the benchmark")
    with opened_all([source], Quiet()) as readings, Spool(place) as spool, Plan(spool) as plan:
        survey_all(readings, plan, Quiet())
        plan.queue(None)
        return [batch.body for batch in Packer(Sender(API_KEY)).batches(plan.queued())]


def _imported(origin: str, export: Path) -> tuple[float, float, float]:
    """Seconds of sending, peak memory in MB, and the CPU of the same import again by that of a validation."""
    richsync = [sys.executable, "-m", "richsync"]
    with tempfile.TemporaryDirectory(dir=export.parent) as folder:
        where = ["--endpoint", origin, "--api-key", API_KEY, "--checkpoint", f"{folder}/orders.richsync"]
        options = [*where, "--rate", "unlimited", "--lanes", str(LANES), "--yes", "--json", "-q"]
        used, again = (measured([*richsync, "import", str(export), *options]) for _ in range(2))
    validation = measured([*richsync, "validate", str(export), "-q"])
    return json.loads(used.out)["seconds"], used.peak, again.cpu / validation.cpu


def main() -> None:
    """Print orders a second and the share of bare httpx, each the median of a few rounds."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    port, ready = multiprocessing.Value("i", 0), multiprocessing.Event()
    process = multiprocessing.Process(target=sink, args=(port, ready), daemon=True)
    process.start()
    ready.wait()
    origin = f"http://127.0.0.1:{port.value}"
    with tempfile.TemporaryDirectory() as folder:
        export, field_map = Path(folder, "orders.csv"), Path(folder, "orders.map.yaml")
        field_map.write_text(MAP, encoding="utf-8")
        write_export(export, orders)
        imports = [_imported(origin, export) for _ in range(ROUNDS)]
        # Only now: a process that is started takes the memory of this one for its own peak.
        bodies = bodies_of(export, field_map)
    alone = statistics.median(asyncio.run(bare(origin, bodies)) for _ in range(ROUNDS))
    process.terminate()
    ours, peak, again = (statistics.median(figures) for figures in zip(*imports, strict=True))
    print(f"import: {orders / ours:,.0f} orders/s, {alone / ours:.0%} of bare httpx, peak {peak:.0f} MB")
    print(f"import again, all unchanged: {again:.2f} x validate")


if __name__ == "__main__":
    main()
