"""What a run found and did, for machines: JSON documents, GitHub's annotations and summaries, JUnit XML.

`Teller` says once, for every format, where each finding is, what of it may be read, and how it is mended.
"""

from richsync.reports.documents import VERSION, accounted, ended, imported, iso, validated
from richsync.reports.excerpts import Excerpt
from richsync.reports.results import Result, result, unusable
from richsync.reports.summaries import days, money, needed, skip_reasons, totals, verdict
from richsync.reports.told import Place, Teller, Told, ToldGroup, ToldSample

__all__ = [
    "VERSION",
    "Excerpt",
    "Place",
    "Result",
    "Teller",
    "Told",
    "ToldGroup",
    "ToldSample",
    "accounted",
    "days",
    "ended",
    "imported",
    "iso",
    "money",
    "needed",
    "result",
    "skip_reasons",
    "totals",
    "unusable",
    "validated",
    "verdict",
]
