"""Where the photographs of frost come from, and the suites that hold them."""

import functools
import importlib.util
import os
import warnings
from pathlib import Path
from typing import Optional, Union

from . import _native

Folder = Union[str, "os.PathLike[str]"]


class FrostWarning(UserWarning):
    """Frost is made of generated textures, because the reference's photographs were not found."""


@functools.lru_cache(maxsize=16)
def _made(name: str, folder: Optional[str]) -> _native.Suite:
    return _native.Suite(name, folder)


def suite_for(name: str, frost_dir: Optional[Folder], frost: bool) -> _native.Suite:
    """The suite of this name; where ``frost`` will be used, with the photographs of ``frost_dir`` or those found."""
    if not frost:
        return _made(name, None)
    if frost_dir is not None:
        return _made(name, os.fspath(frost_dir))
    for folder in _known_folders():
        try:
            return _made(name, str(folder))
        except ValueError:
            # Another package's pictures, of other bytes.
            continue
    warnings.warn(
        "frost uses generated textures, which are not those of imagecorruptions: its photographs may not be "
        "redistributed. Install imagecorruptions (it need not be importable: pip install --no-deps imagecorruptions), "
        "or name the folder with frost1.png to frost6.jpg as frost_dir",
        FrostWarning,
        stacklevel=3,
    )
    return _made(name, None)


def _known_folders() -> "list[Path]":
    """The folders in which the photographs may lie: an installed imagecorruptions, then the cache of ``scribe data frost``."""
    try:
        # Finds the package without importing it, which fails on current stacks.
        spec = importlib.util.find_spec("imagecorruptions")
    except ValueError:
        spec = None
    found = [Path(place, "frost") for place in (spec and spec.submodule_search_locations) or ()]
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    found.append(Path(cache, "scribe", "frost"))
    return [folder for folder in found if folder.is_dir()]
