"""Counting what a loop predicted, for scribe's tables."""

import hashlib
import os
import warnings
from pathlib import Path
from typing import Any, Dict, Optional, Sequence, Tuple, Union

import numpy as np

from . import _native
from ._batch import Condition, parsed
from ._corrupt import seed_of
from ._frost import Folder, FrostWarning, suite_for

#: The label of pixels that count for nothing.
VOID = 255


class Evaluator:
    """Scores predictions of any network, picture by picture, and writes scribe's tables, figures and report.

    >>> evaluator = Evaluator(2, ["background", "cat"], out="runs/mine")            # doctest: +SKIP
    >>> evaluator.add("picture-1", "fog:3", truth, prediction)                      # doctest: +SKIP
    >>> print(evaluator.report())                                                  # doctest: +SKIP

    Results are kept in ``store.sqlite`` in the folder ``out``, one at a time and each whole: a loop that was killed goes on
    where it stopped, if it asks ``done`` before it predicts. The numbers are those of ``scribe eval --predictions`` for the
    same maps, and ``scribe report`` reads the folder too. A second network goes into the same folder under another
    ``model``, once the first one's evaluator is closed.

    Args:
        classes: how many, 2 to 254.
        names: their names.
        out: the folder of the run; it is made if it does not exist.
        model: the network's id: 1 to 64 of the characters ``a-z A-Z 0-9 . _ -``.
        label: its name in tables; the id without it.
        images: the ids of all pictures, in the order of the tables. Without it they are listed as they come, which of
            many thousand pictures takes longer.
        colours: the colours of the classes (red, green, blue) in figures; those of VOC without it.
        background: whether class 0 is what belongs to none of the others.
        suite: the suite that corrupted the pictures.
        master_seed: the seed from which they were corrupted.
        view: how pictures were brought to the size that the network sees, in words; it is shown in the report.
        frost_dir: the folder of the frost pictures, if ``corrupt`` was given one.

    Raises:
        ValueError: for settings that cannot be used, and a store that was made with others.
        RuntimeError: while another process writes in the folder.
    """

    def __init__(
        self,
        classes: int,
        names: Sequence[str],
        out: Union[str, "os.PathLike[str]"],
        *,
        model: str = "model",
        label: Optional[str] = None,
        images: Optional[Sequence[str]] = None,
        colours: Optional[Sequence[Tuple[int, int, int]]] = None,
        background: bool = True,
        suite: str = "imagecorruptions",
        master_seed: int = 2020,
        view: str = "native",
        frost_dir: Optional[Folder] = None,
    ) -> None:
        if not 2 <= classes <= 254:
            raise ValueError(f"{classes} classes (expected 2 to 254)")
        if len(names) != classes:
            raise ValueError(f"{len(names)} names for {classes} classes (expected one for each)")
        if colours is not None and len(colours) != classes:
            raise ValueError(f"{len(colours)} colours for {classes} classes (expected one for each)")
        self.classes = classes
        self.master_seed = master_seed
        with warnings.catch_warnings():
            # `corrupt` says so where frost is used.
            warnings.simplefilter("ignore", FrostWarning)
            frost_source = suite_for(suite, frost_dir, True).frost_source()
        self._native = _native.Evaluator(
            os.fspath(out),
            list(names),
            [tuple(colour) for colour in colours or ()],
            background,
            model,
            model if label is None else label,
            suite,
            frost_source,
            master_seed,
            view,
            [str(image) for image in images or ()],
        )

    def add(
        self,
        image_id: str,
        condition: Condition,
        truth: Any,
        prediction: Any,
        *,
        picture: Optional[np.ndarray] = None,
        seed: Optional[int] = None,
    ) -> bool:
        """Counts one prediction.

        Args:
            image_id: the picture's id.
            condition: ``"clean"``, ``"fog:3"`` or ``("fog", 3)``.
            truth: the true class of every pixel, height x width, whole numbers; 255 counts for nothing.
            prediction: the predicted class of every pixel, height x width, whole numbers; or logits, classes x height x
                width, floating-point, from which calibration, END and moments are counted as well. With logits, the clean
                prediction of a picture comes before its corrupted ones.
            picture: the pixels that the network saw (``uint8``, height x width x 3), whose hash the store then keeps: two
                networks in one folder must have seen the same.
            seed: of the corruption; without it ``seed_for(master_seed, image_id, name, severity)``.

        Returns:
            Whether it was counted: false where the store has the result already.

        Raises:
            ValueError: for values that are no classes, shapes that do not fit, logits that are not finite or are
                probabilities.
        """
        name, severity = _named(condition)
        if seed is None:
            clean = name == "clean"
            seed = 0 if clean else _native.seed_for(self.master_seed, str(image_id), name, severity)
        return self._native.add(
            str(image_id),
            name,
            severity,
            seed_of(seed),
            "" if picture is None else _hash(picture),
            _map("truth", truth, self.classes, void=True),
            **self._predicted(np.asarray(prediction)),
        )

    def done(self, image_id: str, condition: Condition) -> bool:
        """Whether the store has this network's result for a picture under a condition."""
        return self._native.done(str(image_id), *_named(condition))

    def report(self, out: Optional[Union[str, "os.PathLike[str]"]] = None) -> str:
        """Writes tables, figures and ``report.html`` into ``out``, the run's folder without it.

        Returns:
            Both tables as text.
        """
        text, _ = self._native.report(None if out is None else os.fspath(Path(out)))
        return text

    def close(self) -> None:
        """Ends the work with the folder: the store is then one file, and another process may write there."""
        self._native.close()

    def __enter__(self) -> "Evaluator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _predicted(self, prediction: np.ndarray) -> Dict[str, Optional[np.ndarray]]:
        if prediction.ndim == 2:
            return {"classes": _map("prediction", prediction, self.classes, void=False), "logits": None}
        if prediction.ndim != 3 or prediction.shape[0] != self.classes:
            raise ValueError(
                f"a prediction of shape {prediction.shape} (expected classes of height x width, or logits of "
                f"{self.classes} x height x width)"
            )
        if prediction.dtype.kind != "f":
            raise ValueError(f"logits of type {prediction.dtype.name} (expected floating-point numbers)")
        logits = np.ascontiguousarray(prediction, np.float32)
        if not np.isfinite(logits).all():
            raise ValueError("a logit is infinite or not a number")
        if (np.abs(logits.sum(0) - 1) <= _ROUNDING).all() and -_ROUNDING <= logits.min() and logits.max() <= 1 + _ROUNDING:
            raise ValueError("these are probabilities (expected logits, such as numpy.log of them)")
        return {"classes": None, "logits": logits}


#: How far the sum of a pixel's probabilities may be from 1, as in `scribe eval --predictions`.
_ROUNDING = 0.01


def _named(condition: Condition) -> Tuple[str, int]:
    return ("clean", 0) if condition in ("clean", ("clean", 0)) else parsed(condition)


def _map(what: str, values: Any, classes: int, void: bool) -> np.ndarray:
    """A map of classes as bytes."""
    array = np.asarray(values)
    if array.ndim != 2:
        raise ValueError(f"{what} of shape {array.shape} (expected height x width)")
    if array.dtype.kind not in "iu":
        raise ValueError(f"{what} of type {array.dtype.name} (expected whole numbers)")
    wrong = (array < 0) | (array >= classes)
    if void:
        wrong &= array != VOID
    if wrong.any():
        y, x = np.argwhere(wrong)[0]
        expected = f"a class of 0 to {classes - 1}{', or 255' if void else ''}"
        raise ValueError(f"{what}: {array[y, x]} at x={x}, y={y} (expected {expected})")
    return np.ascontiguousarray(array, np.uint8)


def _hash(picture: np.ndarray) -> str:
    array = np.asarray(picture)
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise ValueError(f"a picture of {array.dtype.name} {array.shape} (expected uint8, height x width x 3)")
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
