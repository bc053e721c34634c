"""The README in parts: its blocks of code, its tables, its words in code."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(README) if name == language]


def shown_map() -> str:
    """The field map that is whole; what follows shows parts of others."""
    found, *_ = blocks("yaml")
    return found


def table(head: str) -> list[list[str]]:
    """The cells of the table with this first column."""
    lines = README.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {head} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)
