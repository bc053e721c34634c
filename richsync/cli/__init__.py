"""The command line: one small file a command, and one door through which every ending leaves."""

import gc
import signal


def main() -> None:
    """Run the command line and leave with its exit code.

    What is loaded stays to the end and is no garbage: it is not looked through while it is loaded, nor at the
    end, which would take a fifth of the time of a short run.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until it is known what is interrupted, it just ends
    gc.disable()
    from richsync.cli.app import run

    code = run()
    gc.freeze()
    raise SystemExit(code)
