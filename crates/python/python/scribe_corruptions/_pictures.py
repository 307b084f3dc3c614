"""Pictures as frameworks hold them: arrays, tensors, and those of Pillow."""

import sys
from typing import Any, Callable

import numpy as np


def refuse_floats(array: np.ndarray) -> None:
    """Says where in a pipeline of transforms pictures are still bytes.

    Raises:
        AttributeError: for floating-point numbers, as ``corrupt`` does.
    """
    if array.dtype.kind == "f":
        raise AttributeError(
            f"a picture of {array.dtype.name} (expected uint8: corrupt it before ToTensor, ToDtype or Normalize)"
        )


def changed(picture: Any, change: Callable[[np.ndarray], np.ndarray]) -> Any:
    """``change(picture)``, in the type of ``picture``: an array (height x width x channels), a tensor of torch (channels x
    height x width) or a picture of Pillow.

    Raises:
        TypeError: for another type.
        ValueError: for a picture of Pillow that is neither RGB nor grey.
    """
    if isinstance(picture, np.ndarray):
        refuse_floats(picture)
        return change(picture)
    # A framework that was not imported has made no picture.
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(picture, torch.Tensor):
        array = picture.numpy()
        refuse_floats(array)
        made = change(array.transpose(1, 2, 0) if array.ndim == 3 else array)
        return torch.from_numpy(made).permute(2, 0, 1)
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(picture, pillow.Image):
        if picture.mode not in ("RGB", "L"):
            raise ValueError(f"a picture of mode {picture.mode} (expected RGB or L: picture.convert('RGB'))")
        return pillow.fromarray(change(np.asarray(picture)))
    raise TypeError(
        f"a picture of type {type(picture).__name__} (expected a NumPy array, a tensor of torch or a picture of Pillow)"
    )
