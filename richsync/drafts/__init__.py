"""A first map for an export that nobody has seen: samples of its records in, the text of a map out.

`samples` makes columns of records; `matching` finds the fields by the words of their names (`words`, `rules`,
`languages`) and by their cells (`contents`, `dates`, `numbers`); `lines` finds where the order's lines are;
`drafting` puts it together, `writing` writes it down.
"""

from richsync.drafts.drafting import draft
from richsync.drafts.model import Draft
from richsync.drafts.samples import Sample, of_objects, of_table, parent_of
from richsync.drafts.writing import EDITORS, written

__all__ = ["EDITORS", "Draft", "Sample", "draft", "of_objects", "of_table", "parent_of", "written"]
