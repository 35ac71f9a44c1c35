"""A title in lines: words in, the same words out with line ends where they come out most even."""

from collections.abc import Sequence
from itertools import combinations, islice, pairwise

TITLE_MEASURE = 27
"""Characters to a line of the title page's title."""
MOST_SETTINGS = 20_000
"""Ways to break a title that are looked at."""
PARTED_NAME = 60
"""What a break inside a name costs, against the squared unevenness in characters."""


def balance(title: str, measure: int = TITLE_MEASURE) -> str:
    """Return *title* with line ends for spaces where its lines come out most even.

    As few lines of at most *measure* characters as can be; a break inside a name, between
    two capitals, is avoided. No engine balances lines.
    """
    words = title.split(" ")
    count = len(_filled(words, measure))
    breaks = combinations(range(1, len(words)), count - 1)
    settings = (_cut(words, places) for places in islice(breaks, MOST_SETTINGS))
    fitting = [lines for lines in settings if max(map(len, lines)) <= measure]
    settled: list[str] = min(fitting or [_filled(words, measure)], key=_unevenness)
    return "\n".join(settled)


def _cut(words: Sequence[str], places: Sequence[int]) -> list[str]:
    edges = [0, *places, len(words)]
    return [" ".join(words[a:b]) for a, b in pairwise(edges)]


def _unevenness(lines: list[str]) -> int:
    longest = max(map(len, lines))
    parted_names = sum(
        above.rpartition(" ")[2][0].isupper() and below[0].isupper()
        for above, below in pairwise(lines)
    )
    return sum((longest - len(line)) ** 2 for line in lines) + PARTED_NAME * parted_names


def _filled(words: Sequence[str], measure: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= measure:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
