"""The index: what the edition wants found, where the text speaks of it, on which page.

``plan_index`` needs the Book and no layout, ``make_index`` the page map of the
finished body. Chicago's manual, New Hart's Rules and ISO 999 decide the rules.
"""

from octavo.index.dump import dump_index
from octavo.index.locators import expand_range, format_range
from octavo.index.make import make_index
from octavo.index.parts import (
    CrossReference,
    Index,
    IndexEntry,
    IndexGroup,
    IndexPlan,
    Locator,
    Mention,
    PlannedEntry,
)
from octavo.index.plan import plan_index

__all__ = [
    "CrossReference",
    "Index",
    "IndexEntry",
    "IndexGroup",
    "IndexPlan",
    "Locator",
    "Mention",
    "PlannedEntry",
    "dump_index",
    "expand_range",
    "format_range",
    "make_index",
    "plan_index",
]
