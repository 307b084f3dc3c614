"""A transform for ``torchvision.transforms.v2``.

>>> from scribe_corruptions.torchvision import Corrupt
>>> transform = Corrupt(["fog", "snow"], severities=[1, 2, 3])
"""

from typing import Any, Dict, List, Optional

import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from ._choice import Names, Severities, conditions_of
from ._corrupt import corrupt
from ._frost import Folder
from ._pictures import changed


class Corrupt(v2.Transform):
    """Corrupts pictures (``uint8``) by a condition that is drawn anew at each call; masks and boxes stay as they are.

    Condition and seed are drawn by torch's global generator, so that ``torch.manual_seed`` decides them and workers of a
    ``DataLoader`` draw differently. All pictures of one sample get the same.

    Args:
        corruptions: a name, a subset (``"common"``, ``"noise"``, ...), or several.
        severities: one severity or several.
        suite: as ``scribe_corruptions.corrupt``.
        frost_dir: as ``scribe_corruptions.corrupt``.
    """

    def __init__(
        self,
        corruptions: Names = "common",
        severities: Severities = (1, 2, 3, 4, 5),
        *,
        suite: str = "imagecorruptions",
        frost_dir: Optional[Folder] = None,
    ) -> None:
        super().__init__()
        self.conditions = conditions_of(corruptions, severities)
        self.suite = suite
        self.frost_dir = frost_dir

    def make_params(self, flat_inputs: List[Any]) -> Dict[str, Any]:
        """Draws a condition and a seed."""
        name, severity = self.conditions[int(torch.randint(len(self.conditions), ()))]
        return {"name": name, "severity": severity, "seed": int(torch.randint(2**32, ()))}

    def transform(self, inpt: Any, params: Dict[str, Any]) -> Any:
        """Corrupts a picture; anything else is returned."""
        labels = isinstance(inpt, tv_tensors.TVTensor) and not isinstance(inpt, (tv_tensors.Image, tv_tensors.Video))
        if labels:
            return inpt
        return self._each(inpt, params)

    # The names of both methods before torchvision 0.21.
    def _get_params(self, flat_inputs: List[Any]) -> Dict[str, Any]:
        return self.make_params(flat_inputs)

    def _transform(self, inpt: Any, params: Dict[str, Any]) -> Any:
        return self.transform(inpt, params)

    def _each(self, picture: Any, params: Dict[str, Any]) -> Any:
        if isinstance(picture, torch.Tensor) and picture.ndim > 3:
            # A video, or a batch: each of its pictures from the next seed.
            seeds = [(params["seed"] + n) % 2**32 for n in range(len(picture))]
            parts = [self._each(part, {**params, "seed": seed}) for part, seed in zip(picture, seeds)]
            made = torch.stack(parts) if parts else picture.clone()
        else:
            made = changed(
                picture,
                lambda array: corrupt(
                    array,
                    params["severity"],
                    params["name"],
                    seed=params["seed"],
                    suite=self.suite,
                    frost_dir=self.frost_dir,
                ),
            )
        return tv_tensors.wrap(made, like=picture) if isinstance(picture, tv_tensors.TVTensor) else made

    def extra_repr(self) -> str:
        """What ``repr`` shows."""
        return f"{len(self.conditions)} conditions, suite={self.suite}"
