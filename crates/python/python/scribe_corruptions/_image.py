"""What is accepted as a picture, with the errors of ``imagecorruptions``."""

import operator
from typing import TYPE_CHECKING, Optional

import numpy as np

from ._arrays import refuse_masked
from ._native import MAX_PIXELS

if TYPE_CHECKING:
    # NumPy has it from 1.20 on, and only readers of types need it.
    import numpy.typing as npt

    #: A picture, or several of one size.
    Pixels = npt.NDArray[np.uint8]


def own_copy(
    image: np.ndarray, out: "Optional[Pixels]" = None, max_pixels: int = MAX_PIXELS
) -> "Pixels":
    """The picture in a new array, or in ``out``, of height x width x 3 bytes in C order: the only copy that is made.

    Grey pictures (height x width, or with one channel) get the same value in all three channels, as in the original.

    Raises:
        AttributeError: for what is no such picture.
        TypeError: for a masked array.
    """
    if not isinstance(image, np.ndarray):
        raise AttributeError(f"Expecting type(image) to be numpy.ndarray, not {type(image).__name__}")
    refuse_masked("image", image)
    if image.dtype.type is not np.uint8:
        raise AttributeError(f"Expecting image.dtype.type to be numpy.uint8, not {image.dtype.name}")
    if image.ndim not in (2, 3):
        raise AttributeError(
            "Expecting image.shape to be either (height x width) or (height x width x channels), "
            f"not {image.shape}"
        )
    height, width = image.shape[:2]
    if height < 32 or width < 32:
        raise AttributeError(f"Image width and height must be at least 32 pixels, not {width} and {height}")
    channels = image.shape[2] if image.ndim == 3 else 1
    if channels not in (1, 3):
        raise AttributeError(
            f"Expecting image to have either 1 or 3 channels (last dimension), not {channels}"
        )
    if height * width > max_pixels:
        # An array may claim a size that takes no memory (numpy.broadcast_to); a copy of it would.
        raise AttributeError(
            f"Expecting at most {max_pixels} pixels (max_pixels), not {width} x {height} = {width * height}"
        )
    if out is None:
        out = np.empty((height, width, 3), np.uint8)
    out[...] = image if image.ndim == 3 else image[:, :, np.newaxis]
    return out


def severity_of(severity: int) -> int:
    """The severity as a plain number from 1 to 5."""
    if severity not in (1, 2, 3, 4, 5):
        raise AttributeError(f"Severity must be an integer in [1, 5], not {severity!r}")
    try:
        return operator.index(severity)
    except TypeError:
        # 2.0 equals one of them, but the original cannot look a constant up by it.
        raise TypeError(
            f"Severity must be an integer in [1, 5], not {severity!r} of type {type(severity).__name__}"
        ) from None
