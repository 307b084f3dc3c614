"""The ImageNet-C corruptions, with the bytes of ``imagecorruptions`` and at a fraction of its time.

>>> import numpy as np
>>> from scribe_corruptions import corrupt
>>> image = np.full((48, 64, 3), 100, np.uint8)
>>> corrupt(image, corruption_name="brightness", severity=5)[0, 0].tolist()
[227, 227, 227]

``corrupt`` and ``get_corruption_names`` replace those of ``imagecorruptions`` without a change to the script. The rest
is beyond it: explicit seeds, batches on several threads, the suite of the authors' own toolkit, and ``Evaluator``, which
turns the predictions of any network into scribe's tables.
``scribe_corruptions.torchvision``, ``.torch`` and ``.albumentations`` hold a transform, a data set and a transform; each
imports its framework only when it is imported itself.
"""

from ._batch import apply_all, corrupt_batch
from ._corrupt import corrupt, get_corruption_names
from ._evaluator import Evaluator
from ._frost import FrostWarning
from ._jpeg import read_jpeg
from ._native import __version__
from ._seed import seed_for

__all__ = [
    "Evaluator",
    "FrostWarning",
    "__version__",
    "apply_all",
    "corrupt",
    "corrupt_batch",
    "get_corruption_names",
    "read_jpeg",
    "seed_for",
]
