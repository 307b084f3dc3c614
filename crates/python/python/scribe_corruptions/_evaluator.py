"""Counting what a loop predicted, for scribe's tables."""

import operator
import os
import warnings
from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple, Union

from . import _arrays, _native
from ._batch import Condition, conditions_for, parsed, refuse_text
from ._classes import Rules, Set, description
from ._frost import Folder, FrostWarning, suite_for
from ._native import MAX_PIXELS
from ._seed import master_seed_of, seed_for, seed_of

#: What is counted of logits besides confusions, under the names that scribe's recipes have.
RECORDS = ("moments", "cross_moments", "calibration", "non_distinctiveness")
#: What the names of conditions begin with whose pictures are given, such as real fog.
GIVEN = "real_"


class Evaluator:
    """Scores predictions of any network, picture by picture, and writes scribe's tables, figures and report.

    >>> evaluator = Evaluator(2, ["background", "cat"], out="runs/mine")            # doctest: +SKIP
    >>> evaluator.add("picture-1", "fog:3", truth, prediction)                      # doctest: +SKIP
    >>> print(evaluator.report())                                                  # doctest: +SKIP

    Results are kept in ``store.sqlite`` in the folder ``out``, one at a time and each whole: a loop that was killed goes on
    where it stopped, if it asks ``done`` before it predicts. The rows are those of ``scribe eval --predictions`` and of
    ``scribe eval --ask`` for the same answers, and ``scribe report`` reads the folder too. A second network goes into the
    same folder under another ``model``, once the first one's evaluator is closed.

    While the evaluator is open, read its store from another process, or with ``scribe report``. Python's ``sqlite3`` in the same
    process is another library that does not see that the store is open: used from another thread while ``add`` runs, it can end
    the process (SIGBUS). From the thread that calls ``add``, between two calls, or after ``close``, it does no harm.

    Args:
        classes: how many, 2 to 254, with their ``names``; or a preset of scribe (``"voc"``, ``"cityscapes"``, ``"ade20k"``,
            ``"coco-stuff-171"``, ``"camvid"``, ``"acdc"``); or the path of a classes file (``.toml``).
        names: the names of so many classes; a preset and a file have their own.
        out: the folder of the run; it is made if it does not exist.
        model: the network's id: 1 to 64 of the characters ``a-z A-Z 0-9 . _ -``.
        label: its name in tables; the id without it.
        images: the ids of all pictures, in the order of the tables. Without it they are listed as they come, each time in a
            longer list: give them where there are tens of thousands.
        colours: the colours of the classes (red, green, blue) in figures; those of VOC without it.
        background: whether class 0 is what belongs to none of the others. Of a preset or a file, ``True`` takes the one that
            it names, if it names one, and a name makes that class the background, with index 0 (``"unlabelled"`` makes a
            class of everything that is ignored).
        ignore_index: the value, or the values, of label maps that count for nothing, negative ones too; 255 without it. Where
            label maps hold the ``"values"`` of a set, in addition to those that it ignores.
        labels: what label maps hold: ``"indices"`` of the classes in their list, or the ``"values"`` that a preset's or a
            file's own label maps have (the default there), such as Cityscapes' ``labelIds``.
        data_map: rules that bring the classes of the data set to fewer (``data.map`` in recipes), as text (``"person -> person,
            * -> background"``), the path of a file of rules, or ``{"person": "person", "*": "background"}``; ``None`` as
            target ignores a class. The classes of the run are then those to which the rules lead.
        network_classes: the classes that the network predicts, where they are others: a preset, a classes file or names.
        map: rules that bring these to the scored classes, in the same words; without rules, classes become those of the same
            name. Of a mapped network, logits count as the classes that they choose.
        suite: the suite that corrupted the pictures.
        master_seed: the seed from which they were corrupted.
        view: how pictures were brought to the size that the network sees, in words; it is shown in the report.
        frost_dir: the folder of the frost pictures, if ``corrupt`` was given one.
        records: what is counted of logits, of these four and ``"temperatures"``. ``"cross_moments"`` compares them with those of the clean picture, which must come
            first; a loop that shows all pictures under one condition before the next leaves it out.
        calibration_bins: bins of confidence.
        moment_blocks: groups of pictures over which moments are summed.
        severities: those that the loop will show; of more than 32 classes, cross-moments are summed at their middle alone.
        panels: of so many pictures, the first, the report's Figure 6 may show examples, where ``add`` is given ``picture``.
        max_pixels: larger label maps and pictures are refused.

    Raises:
        ValueError: for settings that cannot be used, and a store that was made with others.
        TypeError: for names that are no text.
        RuntimeError: while another process writes in the folder, or reads a store that was closed.
    """

    def __init__(
        self,
        classes: Union[int, Set],
        names: Optional[Sequence[str]] = None,
        out: Optional[Union[str, "os.PathLike[str]"]] = None,
        *,
        model: str = "model",
        label: Optional[str] = None,
        images: Optional[Sequence[str]] = None,
        colours: Optional[Sequence[Tuple[int, int, int]]] = None,
        background: Union[bool, str] = True,
        ignore_index: Optional[Union[int, Sequence[int]]] = None,
        labels: Optional[str] = None,
        data_map: Optional[Rules] = None,
        network_classes: Optional[Union[Set, Sequence[str]]] = None,
        map: Optional[Rules] = None,
        suite: str = "imagecorruptions",
        master_seed: int = 2020,
        view: str = "native",
        frost_dir: Optional[Folder] = None,
        records: Sequence[str] = RECORDS,
        calibration_bins: int = 15,
        moment_blocks: int = 16,
        severities: Sequence[int] = (1, 2, 3, 4, 5),
        panels: int = 4,
        max_pixels: int = MAX_PIXELS,
    ) -> None:
        if out is None:
            raise TypeError("out: the folder of the run is needed")
        said = description(
            classes,
            names,
            colours=colours,
            background=background,
            ignore_index=ignore_index,
            labels=labels,
            data_map=data_map,
            network_classes=network_classes,
            map=map,
        )
        refuse_text("images", images)
        with warnings.catch_warnings():
            # `corrupt` says so where frost is used.
            warnings.simplefilter("ignore", FrostWarning)
            frost_source = suite_for(suite, frost_dir, True).frost_source()
        self.master_seed = master_seed_of(master_seed)
        self.max_pixels = _at_least("max_pixels", max_pixels, 1, 2**31)
        self._native = _native.Evaluator(
            os.fspath(out),
            {
                "classes": said,
                "model": model,
                "label": model if label is None else label,
                "suite": suite,
                "frost_source": frost_source,
                "master_seed": self.master_seed,
                "view": view,
                "images": [str(image) for image in images or ()],
                "records": list(records),
                "calibration_bins": _at_least("calibration_bins", calibration_bins, 1, 1001),
                "moment_blocks": _at_least("moment_blocks", moment_blocks, 1, 2**16),
                "severities": [_at_least("severities", severity, 1, 6) for severity in severities],
                "panels": _at_least("panels", panels, 0, 2**31),
            },
        )
        #: The names of the scored classes, in the order of their indices.
        self.names: List[str] = self._native.class_names()
        #: How many there are.
        self.classes: int = len(self.names)
        #: How many classes a prediction has; another number where the network's classes are mapped.
        self.predicted_classes: int = self._native.predicted_classes()

    def add(
        self,
        image_id: str,
        condition: Condition,
        truth: Any,
        prediction: Any,
        *,
        picture: Optional[Any] = None,
        seed: Optional[int] = None,
    ) -> bool:
        """Counts one prediction. Arrays, nested lists and tensors of torch, on any device, are taken.

        Args:
            image_id: the picture's id.
            condition: ``"clean"``, ``"fog:3"`` or ``("fog", 3)``; of pictures that no corruption made, such as real fog,
                ``"real_fog:1"`` (whose ``truth`` may be another one).
            truth: the true class of every pixel, height x width, whole numbers (``labels``, ``ignore_index``). A picture has
                one, whatever corruption is shown: label maps stay where they are. The store keeps a SHA-256 of it, with which
                those of later calls, networks and processes are compared.
            prediction: the predicted class of every pixel, height x width, whole numbers; or logits, classes x h x w,
                floating-point, from which calibration, END and moments are counted as well. Logits that are smaller than the
                truth are enlarged, as ``torch.nn.functional.interpolate(mode="bilinear")`` does.
            picture: the picture that the network saw (``uint8``, height x width x 3, tensors 3 x height x width, in the size of
                the truth), whose hash the store then keeps: networks in one folder that give it must have seen the same. Of one
                that does not give it, that is not known. The report shows some of them.
            seed: of the corruption; without it ``seed_for(master_seed, image_id, name, severity)``.

        Returns:
            Whether it was counted: false where the store has a result of this network for the picture under the condition
            already. That one stays, and the prediction is not compared with it.

        Raises:
            ValueError: for values that are no classes, shapes that do not fit, logits that are not finite or are
                probabilities, and another truth than the picture had before; nothing is then counted.
            TypeError: for a masked array, whose mask would be lost, and for what gives one to NumPy.
            KeyError: for an unknown corruption.
            RuntimeError: in a forked process; calls belong into the process that made the evaluator. Also where another process
                holds the store for itself.
        """
        name, severity = _named(condition)
        if seed is None:
            made = name != "clean" and not name.startswith(GIVEN)
            seed = seed_for(self.master_seed, str(image_id), name, severity) if made else 0
        labels = _arrays.class_map("truth", truth, self.max_pixels)
        height, width = labels.shape
        return self._native.add(
            str(image_id),
            name,
            severity,
            seed_of(seed),
            labels,
            picture=None if picture is None else _arrays.picture(picture, (height, width), self.max_pixels),
            **_arrays.prediction(prediction, self.predicted_classes, (height, width), self.max_pixels),
        )

    def add_batch(
        self,
        image_ids: Sequence[str],
        conditions: Union[Condition, Sequence[Condition]],
        truths: Any,
        predictions: Any,
        *,
        pictures: Optional[Any] = None,
    ) -> List[bool]:
        """Counts a batch as a data loader gives it, each as ``add`` does.

        Args:
            image_ids: the pictures' ids.
            conditions: one for all, or a list with one for each.
            truths: a tensor or an array of n x height x width, or a list of n label maps.
            predictions: n x height x width, n x classes x h x w, or a list of n predictions.
            pictures: n x height x width x 3 (tensors n x 3 x height x width), or a list of n pictures.

        Returns:
            For each whether it was counted.

        Raises:
            ValueError: where numbers differ; otherwise as ``add``. What came before in the batch is counted.
        """
        count = len(image_ids)
        refuse_text("image_ids", image_ids)
        several = conditions_for(conditions, count)
        shown = [None] * count if pictures is None else pictures
        for what, values in (("truths", truths), ("predictions", predictions), ("pictures", shown)):
            if len(values) != count:
                raise ValueError(f"{len(values)} {what} for {count} image ids (expected one for each)")
        batch = zip(image_ids, several, truths, predictions, shown)
        return [self.add(*one, picture=picture) for *one, picture in batch]

    def done(self, image_id: str, condition: Condition) -> bool:
        """Whether the store has this network's result for a picture under a condition."""
        return self._native.done(str(image_id), *_named(condition))

    def report(self, out: Optional[Union[str, "os.PathLike[str]"]] = None) -> str:
        """Writes tables, figures and ``report.html`` into ``out``, the run's folder without it.

        Returns:
            Both tables as text.

        Warns:
            UserWarning: where this network has no result, or none of a clean picture, from which the others are told apart.
        """
        counted, clean = self._native.counted()
        if not counted:
            warnings.warn("this network has no result, so that the report shows nothing of it", stacklevel=2)
        elif not clean:
            warnings.warn(
                "this network has no result of a clean picture (condition \"clean\"), so that the report cannot say what a "
                "corruption costs",
                stacklevel=2,
            )
        text, _ = self._native.report(None if out is None else os.fspath(Path(out)))
        return text

    def close(self) -> None:
        """Ends the work with the folder: the store is then one file, and another process may write there."""
        self._native.close()

    def __enter__(self) -> "Evaluator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _named(condition: Condition) -> Tuple[str, int]:
    clean = condition == "clean" or isinstance(condition, tuple) and condition == ("clean", 0)
    return ("clean", 0) if clean else parsed(condition)


def _at_least(name: str, value: int, least: int, end: int) -> int:
    number = operator.index(value)
    if not least <= number < end:
        raise ValueError(f"{name}={value}: expected {least} to {end - 1}")
    return number
