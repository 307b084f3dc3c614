"""A transform for Albumentations (or AlbumentationsX).

>>> from scribe_corruptions.albumentations import Corrupt
>>> transform = Corrupt(["fog", "snow"], severities=[1, 2, 3], p=0.5)
"""

import random
from typing import Any, Dict, Optional, Tuple

import albumentations
import numpy as np

from ._choice import Names, Severities, conditions_of
from ._corrupt import corrupt
from ._frost import Folder
from ._pictures import refuse_floats

Drawn = Dict[str, Any]

if hasattr(albumentations.ImageOnlyTransform, "sample_parameters"):
    # AlbumentationsX gives a call its own generator, and refuses classes that have the earlier method.
    from albumentations.core.transforms_interface import SampledParams

    class _Drawing(albumentations.ImageOnlyTransform):  # type: ignore[misc]
        def sample_parameters(self, params: Any, data: Any, targets: Any, sampling: Any) -> Any:
            return SampledParams(params=self._draw(sampling.py_random))

else:

    class _Drawing(albumentations.ImageOnlyTransform):  # type: ignore[misc,no-redef]
        def get_params(self) -> Any:
            return self._draw(self.py_random)


class Corrupt(_Drawing):
    """Corrupts the image (``uint8``) by a condition that is drawn anew at each call; masks stay as they are.

    Condition and seed are drawn by the transform's own generator, which the ``seed`` of ``Compose`` decides. An image of
    one channel becomes one of three.

    Args:
        corruptions: a name, a subset (``"common"``, ``"noise"``, ...), or several.
        severities: one severity or several.
        suite: as ``scribe_corruptions.corrupt``.
        frost_dir: as ``scribe_corruptions.corrupt``.
        p: the probability that an image is corrupted at all.
    """

    def __init__(
        self,
        corruptions: Names = "common",
        severities: Severities = (1, 2, 3, 4, 5),
        suite: str = "imagecorruptions",
        frost_dir: Optional[Folder] = None,
        p: float = 0.5,
    ) -> None:
        super().__init__(p=p)
        self.conditions = conditions_of(corruptions, severities)
        self.corruptions = corruptions
        self.severities = severities
        self.suite = suite
        self.frost_dir = frost_dir

    def _draw(self, generator: random.Random) -> Drawn:
        name, severity = self.conditions[generator.randrange(len(self.conditions))]
        return {"name": name, "severity": severity, "seed": generator.randrange(2**32)}

    def apply(self, img: np.ndarray, name: str, severity: int, seed: int, **params: Any) -> np.ndarray:
        """Corrupts the image."""
        refuse_floats(img)
        return corrupt(img, severity, name, seed=seed, suite=self.suite, frost_dir=self.frost_dir)

    def get_transform_init_args_names(self) -> Tuple[str, ...]:
        """What a serialised transform holds."""
        return ("corruptions", "severities", "suite", "frost_dir")
