"""Predictions, label maps and pictures of a loop, as arrays that the compiled half takes."""

import sys
from typing import Any, Dict, Optional, Tuple

import numpy as np

_INT32 = np.iinfo(np.int32)


def array_of(what: str, values: Any) -> np.ndarray:
    """An array of anything that holds numbers; a tensor of torch may be on any device and have a gradient.

    Raises:
        TypeError: for a masked array.
    """
    # A framework that was not imported has made no tensor.
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(values, torch.Tensor):
        values = values.detach().cpu()
        # NumPy has no bfloat16.
        values = (values.float() if values.dtype == torch.bfloat16 else values).numpy()
    refuse_masked(what, values)
    # What is no array may become one with a mask, by its ``__array__``.
    array = np.asanyarray(values)
    refuse_masked(what, array)
    return np.asarray(array)


def refuse_masked(what: str, values: Any, depth: int = 3) -> None:
    """NumPy drops the mask of a masked array without a word, and what is masked would count like everything else.

    Raises:
        TypeError: for a masked array, also one in a list, or in lists of lists down to ``depth``.
    """
    # A module that was not imported has made no array.
    masked = sys.modules.get("numpy.ma")
    if masked is None:
        return
    if isinstance(values, masked.MaskedArray):
        raise TypeError(
            f"{what}: a masked array (expected a plain one: .filled(VALUE) gives what is masked a value, in a truth one that "
            "counts for nothing, such as 255)"
        )
    if depth and isinstance(values, (list, tuple)):
        for one in values:
            refuse_masked(what, one, depth - 1)


def class_map(what: str, values: Any, max_pixels: int) -> np.ndarray:
    """A map of whole numbers in C order; the compiled half says which of them are classes.

    Raises:
        TypeError: for a masked array.
        ValueError: for another shape or type.
    """
    array = array_of(what, values)
    if array.ndim != 2:
        raise ValueError(f"{what} of shape {array.shape} (expected height x width)")
    _sized(what, array, max_pixels)
    if array.dtype.kind not in "biu":
        raise ValueError(f"{what} of type {array.dtype.name} (expected whole numbers)")
    if array.dtype.itemsize > 2:
        # Numbers that a cast would change are no classes.
        low, high = array.min(), array.max()
        if low < _INT32.min or high > _INT32.max:
            raise ValueError(f"{what}: {low if low < _INT32.min else high} (expected a class)")
    return np.ascontiguousarray(array, np.int32)


def prediction(
    values: Any, classes: int, size: Tuple[int, int], max_pixels: int
) -> Dict[str, Optional[np.ndarray]]:
    """Classes of this height and width or logits of at most that, under the names of the compiled half's arguments.

    Raises:
        TypeError: for a masked array.
        ValueError: for another shape or type.
    """
    array = array_of("prediction", values)
    if array.ndim == 2:
        if array.shape != size:
            raise ValueError(f"the prediction has another size than the truth: {array.shape} (expected {size})")
        return {"classes": class_map("prediction", array, max_pixels), "logits": None}
    if array.ndim != 3 or array.shape[0] != classes:
        raise ValueError(
            f"a prediction of shape {array.shape} (expected classes of height x width, or logits of "
            f"{classes} x height x width)"
        )
    if not (1 <= array.shape[1] <= size[0] and 1 <= array.shape[2] <= size[1]):
        # Before they are copied: an array may claim a size that takes no memory.
        raise ValueError(
            f"logits of shape {array.shape} (expected {classes} x h x w with h at most {size[0]} and w at most {size[1]}, "
            "the size of the truth)"
        )
    if array.dtype.kind != "f":
        raise ValueError(f"logits of type {array.dtype.name} (expected floating-point numbers)")
    with np.errstate(over="ignore"):
        # What float32 cannot hold becomes infinite, and is refused.
        return {"classes": None, "logits": np.ascontiguousarray(array, np.float32)}


def picture(values: Any, size: Tuple[int, int], max_pixels: int) -> np.ndarray:
    """A picture of this height and width x 3 bytes in C order; tensors have their channels first, and are turned.

    Raises:
        TypeError: for a masked array.
        ValueError: for another shape or type.
    """
    array = array_of("picture", values)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(values, torch.Tensor) and array.ndim == 3 and array.shape[0] == 3:
        array = array.transpose(1, 2, 0)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise ValueError(f"a picture of {array.dtype.name} {array.shape} (expected uint8, height x width x 3)")
    _sized("a picture", array[..., 0], max_pixels)
    if array.shape[:2] != size:
        raise ValueError(
            f"a picture of shape {list(array.shape)} (expected {[*size, 3]}, the size of the truth: the picture that was "
            "corrupted, before the network's own resizing and padding)"
        )
    return np.ascontiguousarray(array)


def _sized(what: str, array: np.ndarray, max_pixels: int) -> None:
    if not 1 <= array.size <= max_pixels:
        raise ValueError(f"{what} of {array.size} pixels (expected 1 to {max_pixels}: max_pixels)")
