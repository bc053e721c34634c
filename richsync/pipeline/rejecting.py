"""The rejected orders of a run, written to the rejects file of each source."""

from collections.abc import Sequence
from pathlib import Path

from richsync import rejects
from richsync.exports import Export
from richsync.pipeline.surveys import Survey
from richsync.plans import Plan


def written_rejects(
    paths: Sequence[Path], surveys: Sequence[Survey], plan: Plan
) -> tuple[rejects.Written, ...]:
    """The rejected orders of each source in a file of its form; the plan has a spool.

    Raises:
        UnusableError: a folder cannot be written.
    """
    return tuple(
        rejects.write_rejects(
            path, _form(survey.export), (rejects.Row(*each) for each in plan.rejects(source))
        )
        for source, (path, survey) in enumerate(zip(paths, surveys, strict=True))
    )


def _form(export: Export) -> rejects.Form:
    return rejects.Form(
        export.format,
        export.encoding,
        export.bom,
        export.delimiter,
        export.newline,
        export.header,
        export.columns,
    )
