"""The compiled half of the package."""

import os
from pathlib import Path
from typing import List, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

__version__: str

_State = Tuple[npt.NDArray[np.uint32], int, int, float]

class Suite:
    def __init__(self, name: str, frost_dir: Optional[Union[str, "os.PathLike[str]"]] = None) -> None: ...
    def names(self) -> List[str]: ...
    def frost_source(self) -> str: ...
    def corrupt(self, image: npt.NDArray[np.uint8], corruption_name: str, severity: int, seed: int) -> None: ...
    def corrupt_from_state(
        self,
        image: npt.NDArray[np.uint8],
        corruption_name: str,
        severity: int,
        key: npt.NDArray[np.uint32],
        pos: int,
        has_gauss: int,
        cached_gaussian: float,
    ) -> _State: ...
    def corrupt_many(
        self,
        images: List[npt.NDArray[np.uint8]],
        conditions: Sequence[Tuple[str, int]],
        seeds: Sequence[int],
        threads: int,
    ) -> None: ...

class Evaluator:
    def __init__(
        self,
        out: str,
        class_names: List[str],
        class_colours: Sequence[Tuple[int, ...]],
        has_background: bool,
        model: str,
        label: str,
        suite: str,
        frost_source: str,
        master_seed: int,
        view: str,
        images: List[str],
    ) -> None: ...
    def done(self, image_id: str, corruption: str, severity: int) -> bool: ...
    def add(
        self,
        image_id: str,
        corruption: str,
        severity: int,
        seed: int,
        sha256: str,
        truth: npt.NDArray[np.uint8],
        classes: Optional[npt.NDArray[np.uint8]],
        logits: Optional[npt.NDArray[np.float32]],
    ) -> bool: ...
    def report(self, out: Optional[str] = None) -> Tuple[str, List[Path]]: ...
    def close(self) -> None: ...

class Generator:
    def __init__(self, seed: int) -> None: ...
    def random_sample(self, size: int) -> List[float]: ...
    def standard_normal(self, size: int) -> List[float]: ...
    def poisson(self, lam: float, size: int) -> List[int]: ...
    def randint(self, low: int, high: int, size: int) -> List[int]: ...
    def words(self, size: int) -> List[int]: ...
    def get_state(self) -> _State: ...
    def set_state(
        self, key: npt.NDArray[np.uint32], pos: int, has_gauss: int, cached_gaussian: float
    ) -> None: ...

def decode_jpeg(data: bytes, max_pixels: int) -> npt.NDArray[np.uint8]: ...
def seed_for(master_seed: int, image_id: str, corruption_name: str, severity: int) -> int: ...
