"""The command line: one small file a command, and one door through which every ending leaves."""

from richsync.cli.app import main

__all__ = ["main"]
