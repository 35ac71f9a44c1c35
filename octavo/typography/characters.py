"""The marks by name, for half of them cannot be seen and the other half look alike."""

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"
FIGURE_SPACE = "\u2007"
NO_BREAK_SPACES = NO_BREAK_SPACE + NARROW_NO_BREAK_SPACE + FIGURE_SPACE
GAPS = " " + NO_BREAK_SPACES
"""What may stand between two words of one paragraph."""

EN_DASH = "\u2013"
EM_DASH = "\u2014"
DASHES = r"\-\u2010-\u2015\u2212"
"""Hyphens and dashes of every length, and the minus; for use within ``[...]``."""

STRAIGHT_DOUBLE = '"'
STRAIGHT_SINGLE = "'"
ACUTE = "\u00b4"
BACKTICK = "`"
APOSTROPHE = "\u2019"
PRIME = "\u2032"
CURLY_QUOTES = "\u2018-\u201f\u00ab\u00bb\u2039\u203a"
"""Quotation marks of every language; for use within ``[...]``."""

ELLIPSIS = "\u2026"

SEAM = "\ue000"
"""Stands in an editor's prose where emphasis begins or ends (``render.prose``)."""
UNSEEN = SEAM + "\u00ad\u200b-\u200f\u2060\ufeff*_"
"""What stands between a quotation mark and its word without parting them: seams, soft
hyphens, joiners, direction marks, and the asterisks of plain-text emphasis."""
