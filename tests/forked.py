"""Runs of richsync forked from a process that has loaded it: real processes that start in no time.

This module is both ends: imported by the tests it asks; run as a program it forks.
"""

import atexit
import contextlib
import functools
import io
import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).resolve().parent.parent
_LONGEST_REQUEST = 1 << 20


# the end that asks


def forked(
    arguments: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes, timeout: float
) -> tuple[int, bytes, bytes]:
    """Run it to its end: the exit code, what it answered, and what it told people."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        its, ours = os.pipe()
        writer = threading.Thread(target=_feed, args=(ours, stdin))
        told, tells = socket.socketpair()
        with told, tells:
            request = json.dumps([list(arguments), str(cwd), dict(env)]).encode()
            _ask(request, [its, out.fileno(), err.fileno(), tells.fileno()])
            os.close(its)
            tells.close()
            writer.start()
            told.settimeout(timeout)
            code = int(told.recv(16))
        writer.join()
        return code, _read(out), _read(err)


def _feed(pipe: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), os.fdopen(pipe, "wb") as file:
        file.write(data)


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _ask(request: bytes, files: Sequence[int]) -> None:
    socket.send_fds(_forking(), [request], list(files))


@functools.cache
def _forking() -> socket.socket:
    """The process that forks, one for all tests of this one; it ends when nobody can ask it any more."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST_REQUEST)
    program = [sys.executable, "-m", "tests.forked", str(its.fileno())]
    process = subprocess.Popen(program, cwd=_ROOT, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
    its.close()
    atexit.register(_end, process, ours)
    return ours


def _end(process: subprocess.Popen[bytes], asked: socket.socket) -> None:
    asked.close()
    process.wait()


# the end that forks


def main(asked: socket.socket) -> None:
    """Load all there is, and fork for every request."""
    from richsync.cli.app import application

    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        application()(["--version"], standalone_mode=False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, files, _, _ = socket.recv_fds(asked, _LONGEST_REQUEST, 4)
        if not request:
            return
        if os.fork() == 0:
            asked.close()
            _keep(request, files)
            return
        for file in files:
            os.close(file)


def _keep(request: bytes, files: list[int]) -> None:
    """Fork the run itself, and tell its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *standard, tells = files
    run = os.fork()
    if run == 0:
        os.close(tells)
        arguments, cwd, env = json.loads(request)
        _run(arguments, cwd, env, standard)
        return
    _, status = os.waitpid(run, 0)
    os.write(tells, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _run(arguments: list[str], cwd: str, env: dict[str, str], standard: list[int]) -> None:
    for number, file in enumerate(standard):
        os.dup2(file, number)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    random.seed()
    sys.argv = ["richsync", *arguments]
    runpy.run_module("richsync", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
