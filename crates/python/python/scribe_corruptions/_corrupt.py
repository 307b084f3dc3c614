"""The functions of ``imagecorruptions``."""

from typing import TYPE_CHECKING, List, Optional

import numpy as np

from ._frost import Folder, suite_for
from ._image import own_copy, severity_of
from ._native import MAX_PIXELS
from ._seed import seed_of

if TYPE_CHECKING:
    from ._image import Pixels
from ._state import from_global_state

#: The names in the order of their numbers; the last four are ImageNet-C's validation corruptions.
NAMES = (
    "gaussian_noise",
    "shot_noise",
    "impulse_noise",
    "defocus_blur",
    "glass_blur",
    "motion_blur",
    "zoom_blur",
    "snow",
    "frost",
    "fog",
    "brightness",
    "contrast",
    "elastic_transform",
    "pixelate",
    "jpeg_compression",
    "speckle_noise",
    "gaussian_blur",
    "spatter",
    "saturate",
)

_SUBSETS = {
    "common": NAMES[:15],
    "validation": NAMES[15:],
    "all": NAMES,
    "noise": NAMES[0:3],
    "blur": NAMES[3:7],
    "weather": NAMES[7:11],
    "digital": NAMES[11:15],
}


def corrupt(
    image: np.ndarray,
    severity: int = 1,
    corruption_name: Optional[str] = None,
    corruption_number: int = -1,
    *,
    seed: Optional[int] = None,
    suite: str = "imagecorruptions",
    frost_dir: Optional[Folder] = None,
    max_pixels: int = MAX_PIXELS,
) -> "Pixels":
    """A corrupted copy of ``image``.

    Args:
        image: ``uint8``, height x width x 3 (red first), height x width x 1 or height x width; both sides at least 32
            pixels. It is not changed.
        severity: from 1 (mild) to 5 (strong).
        corruption_name: one of ``get_corruption_names("all")``.
        corruption_number: the place of the name in that list, from 0; used where no name is given.
        seed: what ``np.random.seed`` takes. Without it, numpy's global generator is used and moved on, as the original
            does; with it, the global generator is neither read nor changed, and any number of threads may call.
        suite: ``"imagecorruptions"``, or ``"imagenet_c"``: the authors' own toolkit, for pictures of 224x224 only.
        frost_dir: a folder with the original's photographs of frost (frost1.png to frost6.jpg). Without it, those of an
            installed ``imagecorruptions`` are used, and generated ones, with a ``FrostWarning``, where there is none.
        max_pixels: a larger picture is refused before memory is taken; 134,217,728 without it.

    Returns:
        A new array of height x width x 3. A grey picture becomes one of three channels, as in the original.

    Raises:
        AttributeError: for what is not such a picture, and for a severity out of range.
        TypeError: for a masked array, whose mask would be lost.
        KeyError: for an unknown name.
        IndexError: for a number out of range.
        ValueError: without a name and a number; for an unknown suite, a seed out of range or other frost pictures.
    """
    out = own_copy(image, max_pixels=max_pixels)
    strength = severity_of(severity)
    name = _name_of(corruption_name, corruption_number)
    chosen = suite_for(suite, frost_dir, name == "frost")
    if seed is None:
        from_global_state(chosen, out, name, strength)
    else:
        chosen.corrupt(out, name, strength, seed_of(seed))
    return out


def get_corruption_names(subset: str = "common") -> List[str]:
    """The names of a subset: ``common`` (the fifteen), ``validation`` (the other four), ``all``, ``noise``, ``blur``,
    ``weather`` or ``digital``.

    Raises:
        ValueError: for another word.
    """
    try:
        return list(_SUBSETS[subset])
    except (KeyError, TypeError):
        raise ValueError(f"subset must be one of {list(_SUBSETS)}, not {subset!r}") from None


def _name_of(name: Optional[str], number: int) -> str:
    if name is not None:
        # The compiled side refuses a name that there is not.
        return str(name)
    if number == -1:
        raise ValueError("Either corruption_name or corruption_number must be passed")
    try:
        return NAMES[number]
    except IndexError:
        raise IndexError(f"corruption_number must be in [0, {len(NAMES) - 1}], not {number}") from None
