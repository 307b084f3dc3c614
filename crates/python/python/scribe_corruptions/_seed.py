"""Seeds: of NumPy's generator, and of a picture under a condition."""

import operator

from . import _native
from ._image import severity_of


def seed_for(master_seed: int, image_id: str, corruption_name: str, severity: int) -> int:
    """The seed of a picture under a condition, the one that ``scribe eval`` and ``scribe corrupt-set`` use.

    Args:
        master_seed: the seed of all pictures; 2020 is that of scribe's recipes.
        image_id: the picture's id.
        corruption_name: one of ``get_corruption_names("all")``.
        severity: from 1 to 5.

    Raises:
        KeyError: for an unknown name.
        AttributeError: for a severity out of range.
        ValueError: for a master seed that is no whole number from 0 to 2**64 - 1.
    """
    return _native.seed_for(master_seed_of(master_seed), image_id, corruption_name, severity_of(severity))


def master_seed_of(value: int) -> int:
    """A master seed as a plain number."""
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if not 0 <= number < 2**64:
        raise ValueError(f"master_seed={value!r}: expected a whole number from 0 to 2**64 - 1")
    return number


def seed_of(seed: int) -> int:
    """A seed as numpy takes it."""
    try:
        number = int(seed)
        fits = bool(number == seed) and 0 <= number < 2**32
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        raise ValueError(f"Seed must be an integer between 0 and 2**32 - 1, not {seed!r}")
    return number
