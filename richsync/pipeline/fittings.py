"""A preset fitted to the export at hand."""

from pathlib import Path

from richsync.exports import Export, open_export
from richsync.fieldmaps import FieldMap, load
from richsync.model import Problem, ReadAs
from richsync.presets import PRESETS, Preset, map_text
from richsync.presets.fitting import Fitted, fitted, names_of


def written_out(preset: Preset, name: str) -> Fitted:
    """A preset's text for the export of this name.

    Raises:
        UnusableError: the export cannot be read.
    """
    with open_export(name, ReadAs()) as export:
        text = map_text(preset, Path(name).name)
        return fitted(text, load(text, preset.name), export.columns)


def fitted_map(field_map: FieldMap, preset: str, export: Export) -> tuple[FieldMap, tuple[Problem, ...]]:
    """A preset's map without the fields that the export has no columns for, and a warning that names them."""
    text = map_text(PRESETS[preset], Path(export.name).name)
    made = fitted(text, field_map, export.columns)
    if not made.passed_over:
        return field_map, ()
    said = (
        f"{'' if each.is_whole else 'a source of '}{each.path} ({names_of(each)})"
        for each in made.passed_over
    )
    note = f"passed over, because the export lacks the columns: {', '.join(said)}"
    fitting = load(made.text, field_map.name)._replace(weights=field_map.weights)
    return fitting, (Problem("RS303", note=note, severity="warning"),)
