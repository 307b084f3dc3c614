"""A data set for PyTorch that shows every picture clean and corrupted.

>>> from scribe_corruptions.torch import CorruptedDataset
"""

from typing import Any, Callable, NamedTuple, Optional, Sequence, Tuple, Union

from torch.utils.data import Dataset

from ._batch import Condition, parsed, refuse_text
from ._choice import Names, Severities, conditions_of
from ._corrupt import corrupt
from ._frost import Folder
from ._pictures import changed
from ._seed import seed_for


class CorruptedSample(NamedTuple):
    """One picture under one condition."""

    #: In the type that the data set gave; changed by the transform, if there is one.
    picture: Any
    #: What the data set gave beside the picture.
    label: Any
    #: ``"fog:3"``, or ``"clean"``.
    condition: str
    #: The seed of the corruption; 0 for clean.
    seed: int
    #: The picture's id.
    image_id: str


class CorruptedDataset(Dataset):  # type: ignore[type-arg]
    """Every picture of a data set under every condition: item ``i`` is picture ``i // len(conditions)`` under condition
    ``i % len(conditions)``.

    The bytes follow from the picture's id and the condition alone: they are the same for any number of workers, in any
    order, and they are those of ``scribe eval`` for the same ids, views and master seed.

    Args:
        dataset: gives ``(picture, label)`` by number. A picture is an array (``uint8``, height x width x 3), a tensor
            (``uint8``, 3 x height x width) or one of Pillow.
        conditions: such as ``["clean", "fog:3", ("snow", 5)]``; without them, clean and every one of ``corruptions`` at every
            one of ``severities``.
        corruptions: a name, a subset (``"common"``, ``"noise"``, ...), or several; without them ``"common"``, the fifteen of
            ImageNet-C.
        severities: one severity or several; without them 1 to 5.
        ids: the pictures' ids, a list in which each is there once, or a function of the number; without them, the number as
            text.
        master_seed: the seed of all of them; 2020 is that of scribe's recipes.
        transform: is given the picture and returns what a sample holds; it is called after the corruption.
        suite: as ``scribe_corruptions.corrupt``.
        frost_dir: as ``scribe_corruptions.corrupt``.
    """

    def __init__(
        self,
        dataset: Any,
        conditions: Optional[Sequence[Condition]] = None,
        *,
        corruptions: Optional[Names] = None,
        severities: Optional[Severities] = None,
        ids: Optional[Union[Sequence[str], Callable[[int], str]]] = None,
        master_seed: int = 2020,
        transform: Optional[Callable[[Any], Any]] = None,
        suite: str = "imagecorruptions",
        frost_dir: Optional[Folder] = None,
    ) -> None:
        if conditions is None:
            wanted = "common" if corruptions is None else corruptions
            conditions = ["clean", *conditions_of(wanted, (1, 2, 3, 4, 5) if severities is None else severities)]
        elif corruptions is not None or severities is not None:
            raise ValueError("conditions beside corruptions or severities (expected the conditions, or what they follow from)")
        self.dataset = dataset
        self.conditions = [None if condition == "clean" else parsed(condition) for condition in conditions]
        refuse_text("ids", ids)
        if ids is not None and not callable(ids) and len(ids) != len(dataset):
            raise ValueError(f"{len(ids)} ids for {len(dataset)} pictures (expected one for each)")
        if ids is not None and not callable(ids):
            refuse_twice(ids)
        self.ids = ids
        self.master_seed = master_seed
        self.transform = transform
        self.suite = suite
        self.frost_dir = frost_dir

    def __len__(self) -> int:
        return len(self.dataset) * len(self.conditions)

    def __getitem__(self, index: int) -> CorruptedSample:
        number, which = self._place(index)
        picture, label = self.dataset[number]
        condition, seed = self.conditions[which], 0
        image_id, text = self.key(index)
        if condition is not None:
            seed = seed_for(self.master_seed, image_id, *condition)
            picture = changed(picture, lambda array: self._corrupted(array, *condition, seed))
        shown = picture if self.transform is None else self.transform(picture)
        return CorruptedSample(shown, label, text, seed, image_id)

    def key(self, index: int) -> Tuple[str, str]:
        """The picture's id and the condition of item ``index``, without loading it: what ``Evaluator.done`` is asked."""
        number, which = self._place(index)
        condition = self.conditions[which]
        return self.image_id(number), "clean" if condition is None else "{}:{}".format(*condition)

    def image_id(self, number: int) -> str:
        """The id of a picture of the data set."""
        if self.ids is None:
            return str(number)
        return str(self.ids(number) if callable(self.ids) else self.ids[number])

    def _place(self, index: int) -> Tuple[int, int]:
        if not -len(self) <= index < len(self):
            raise IndexError(f"sample {index} of {len(self)}")
        number, which = divmod(index % len(self), len(self.conditions))
        return number, which

    def _corrupted(self, array: Any, name: str, severity: int, seed: int) -> Any:
        return corrupt(array, severity, name, seed=seed, suite=self.suite, frost_dir=self.frost_dir)


def refuse_twice(ids: Sequence[str]) -> None:
    """Two pictures of one id would get the same noise, and count as one."""
    before = set()
    for name in map(str, ids):
        if name in before:
            raise ValueError(f"ids: {name!r} is there twice (expected each id once)")
        before.add(name)
