"""The conditions from which a transform draws."""

from typing import List, Sequence, Tuple, Union

import numpy as np

from ._corrupt import NAMES, get_corruption_names
from ._image import severity_of

Names = Union[str, Sequence[str]]
Severities = Union[int, Sequence[int]]


def conditions_of(corruptions: Names, severities: Severities) -> List[Tuple[str, int]]:
    """Every named corruption at every severity.

    Args:
        corruptions: a name, a subset as ``get_corruption_names`` knows it, or several of them.
        severities: a number from 1 to 5, or several.

    Raises:
        KeyError: for an unknown name.
        AttributeError: for a severity out of range.
        ValueError: when there is none.
    """
    names: List[str] = []
    for word in [corruptions] if isinstance(corruptions, str) else corruptions:
        names += [word] if word in NAMES else _subset(word)
    several = [severities] if isinstance(severities, (int, np.integer)) else severities
    found = [(name, severity_of(severity)) for name in dict.fromkeys(names) for severity in several]
    if not found:
        raise ValueError("no corruption or no severity (expected at least one of each)")
    return found


def _subset(word: str) -> List[str]:
    try:
        return get_corruption_names(word)
    except ValueError:
        raise KeyError(f"{word!r}: no corruption and no subset (expected one of {', '.join(NAMES)})") from None
