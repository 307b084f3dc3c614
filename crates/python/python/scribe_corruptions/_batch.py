"""Many pictures at once, on several threads, from explicit seeds."""

import operator
import os
from typing import TYPE_CHECKING, Dict, List, Optional, Sequence, Tuple, Union, overload

import numpy as np

from ._choice import Names, Severities, conditions_of
from ._frost import Folder, suite_for
from ._image import own_copy, severity_of
from ._native import MAX_PIXELS
from ._seed import seed_for, seed_of

if TYPE_CHECKING:
    from ._image import Pixels

#: The most threads, as in the program ``scribe``.
MOST_THREADS = 1024
#: A corruption's name and a severity: ``("fog", 3)`` or ``"fog:3"``.
Condition = Union[str, Tuple[str, int]]


@overload
def corrupt_batch(
    images: np.ndarray,
    conditions: Union[Condition, Sequence[Condition]],
    *,
    seeds: Optional[Sequence[int]] = None,
    master_seed: int = 2020,
    ids: Optional[Sequence[str]] = None,
    threads: Optional[int] = None,
    suite: str = "imagecorruptions",
    frost_dir: Optional[Folder] = None,
    max_pixels: int = MAX_PIXELS,
) -> "Pixels": ...


@overload
def corrupt_batch(
    images: Sequence[np.ndarray],
    conditions: Union[Condition, Sequence[Condition]],
    *,
    seeds: Optional[Sequence[int]] = None,
    master_seed: int = 2020,
    ids: Optional[Sequence[str]] = None,
    threads: Optional[int] = None,
    suite: str = "imagecorruptions",
    frost_dir: Optional[Folder] = None,
    max_pixels: int = MAX_PIXELS,
) -> "List[Pixels]": ...


def corrupt_batch(
    images: Union[np.ndarray, Sequence[np.ndarray]],
    conditions: Union[Condition, Sequence[Condition]],
    *,
    seeds: Optional[Sequence[int]] = None,
    master_seed: int = 2020,
    ids: Optional[Sequence[str]] = None,
    threads: Optional[int] = None,
    suite: str = "imagecorruptions",
    frost_dir: Optional[Folder] = None,
    max_pixels: int = MAX_PIXELS,
) -> "Union[Pixels, List[Pixels]]":
    """Corrupted copies of pictures. numpy's global generator is neither read nor changed.

    Args:
        images: an array of pictures (n x height x width x 3), or a list of pictures, whose sizes may differ; each as
            ``corrupt`` takes it.
        conditions: one for all (``("fog", 3)`` or ``"fog:3"``), or a list with one for each picture.
        seeds: one for each picture, as ``np.random.seed`` takes it. Without them, each is
            ``seed_for(master_seed, id, name, severity)``.
        master_seed: the seed of all of them; 2020 is that of scribe's recipes.
        ids: the pictures' ids, from which their seeds follow; without them, ``"0"``, ``"1"`` and so on.
        threads: how many work at once, at most 1024; all processors' without it. The bytes are the same.
        suite: as ``corrupt``.
        frost_dir: as ``corrupt``.
        max_pixels: of one picture, as ``corrupt``.

    Returns:
        An array where an array was given, else a list.

    Raises:
        ValueError: when numbers of pictures, conditions, seeds and ids differ; otherwise as ``corrupt``.
        KeyboardInterrupt: for Ctrl-C, after the pictures that are being corrupted; nothing is then returned.
    """
    refuse_text("ids", ids)
    wanted = _each(conditions, len(images))
    if seeds is None:
        names = [str(n) for n in range(len(images))] if ids is None else [str(name) for name in ids]
        _same("ids", names, len(images))
        seeds = [seed_for(master_seed, name, *condition) for name, condition in zip(names, wanted)]
    _same("seeds", seeds, len(images))
    made, places = _copies(images, max_pixels)
    chosen = suite_for(suite, frost_dir, any(name == "frost" for name, _ in wanted))
    chosen.corrupt_many(places, wanted, [seed_of(seed) for seed in seeds], _threads(threads))
    return made


def apply_all(
    image: np.ndarray,
    *,
    corruptions: Names = "common",
    severities: Severities = (1, 2, 3, 4, 5),
    image_id: str = "0",
    master_seed: int = 2020,
    threads: Optional[int] = None,
    suite: str = "imagecorruptions",
    frost_dir: Optional[Folder] = None,
    max_pixels: int = MAX_PIXELS,
) -> "Dict[str, Pixels]":
    """A picture under all 75 conditions of ImageNet-C, the fifteen corruptions each at severities 1 to 5, or under some.

    Args:
        image: as ``corrupt`` takes it.
        corruptions: a name, a subset as ``get_corruption_names`` knows it, or several of them.
        severities: one severity or several.
        image_id: its id; the seed of each condition is ``seed_for(master_seed, image_id, name, severity)``.
        master_seed: the seed of all of them; 2020 is that of scribe's recipes.
        threads: how many work at once, at most 1024; all processors' without it. The bytes are the same.
        suite: as ``corrupt``.
        frost_dir: as ``corrupt``.
        max_pixels: of one picture, as ``corrupt``.

    Returns:
        The corrupted pictures by condition, corruption by corruption in the given order, without them in ImageNet-C's: ``"gaussian_noise:1"`` is the first.
    """
    conditions = conditions_of(corruptions, severities)
    made = corrupt_batch(
        [image] * len(conditions),
        conditions,
        master_seed=master_seed,
        ids=[image_id] * len(conditions),
        threads=threads,
        suite=suite,
        frost_dir=frost_dir,
        max_pixels=max_pixels,
    )
    return {f"{name}:{severity}": one for (name, severity), one in zip(conditions, made)}


def conditions_for(conditions: Union[Condition, Sequence[Condition]], count: int) -> List[Condition]:
    """One condition for each of so many pictures, where one for all or a list of them was given.

    Raises:
        ValueError: for a list of another length.
    """
    one_for_all = isinstance(conditions, str) or (
        isinstance(conditions, tuple) and len(conditions) == 2 and isinstance(conditions[0], str)
        and not isinstance(conditions[1], str)
    )
    if one_for_all:
        return [conditions] * count  # type: ignore[list-item]
    if len(conditions) != count:
        raise ValueError(f"{len(conditions)} conditions for {count} images (expected one for each, or one for all)")
    return list(conditions)  # type: ignore[arg-type]


def parsed(condition: Condition) -> Tuple[str, int]:
    """A condition as a name and a severity."""
    if isinstance(condition, str):
        name, colon, number = condition.partition(":")
        if not colon or not number.isdecimal() or len(number) > 9:
            raise ValueError(f"condition {condition!r}: expected NAME:SEVERITY, such as gaussian_noise:3")
        return name, severity_of(int(number))
    name, severity = condition
    return str(name), severity_of(severity)


def _copies(
    images: Union[np.ndarray, Sequence[np.ndarray]],
    max_pixels: int,
) -> "Tuple[Union[Pixels, List[Pixels]], List[Pixels]]":
    """What is returned, with the pictures still clean, and the single pictures in it."""
    if not isinstance(images, np.ndarray):
        copies = [own_copy(image, None, max_pixels) for image in images]
        return copies, copies
    if images.ndim not in (3, 4):
        raise AttributeError(
            f"Expecting an array of pictures (n x height x width x 3) or (n x height x width), not {images.shape}"
        )
    for image in images[:1]:
        own_copy(image, None, max_pixels)  # Refuses before memory for all of them is taken.
    made = np.empty((*images.shape[:3], 3), np.uint8)
    return made, [own_copy(image, place, max_pixels) for image, place in zip(images, made)]


def _each(conditions: Union[Condition, Sequence[Condition]], count: int) -> List[Tuple[str, int]]:
    return [parsed(condition) for condition in conditions_for(conditions, count)]


def _same(what: str, values: Sequence[object], count: int) -> None:
    if len(values) != count:
        raise ValueError(f"{len(values)} {what} for {count} images (expected one for each)")


def refuse_text(what: str, ids: object) -> None:
    """The letters of a text would each be taken for an id.

    Raises:
        ValueError: for a text.
    """
    if isinstance(ids, (str, bytes)):
        raise ValueError(f"{what}={ids!r}: one id (expected a list of ids)")


def _threads(threads: Optional[int]) -> int:
    if threads is None:
        here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(here, MOST_THREADS)
    try:
        number = operator.index(threads)
    except TypeError:
        number = 0
    if not 1 <= number <= MOST_THREADS:
        raise ValueError(f"threads={threads!r}: expected a whole number, at least 1 and at most {MOST_THREADS}")
    return number
