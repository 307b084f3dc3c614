"""Reading JPEG files."""

import os
from typing import TYPE_CHECKING, Union

from . import _native

if TYPE_CHECKING:
    from ._image import Pixels


def read_jpeg(source: Union[str, "os.PathLike[str]", bytes], *, max_pixels: int = 1 << 27) -> "Pixels":
    """The pixels of a JPEG file, exactly those of libjpeg-turbo: what ``Image.open(source).convert("RGB")`` of Pillow
    gives, whatever libraries this machine has.

    Args:
        source: the file's path, or its bytes.
        max_pixels: a larger file is refused before memory is taken.

    Returns:
        ``uint8``, height x width x 3, red first. An EXIF orientation is not applied.

    Raises:
        OSError: when the file cannot be read.
        ValueError: when it is not a JPEG file, damaged or too large.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _native.decode_jpeg(bytes(source), max_pixels)
    with open(source, "rb") as file:
        data = file.read()
    try:
        return _native.decode_jpeg(data, max_pixels)
    except ValueError as error:
        raise ValueError(f"{os.fspath(source)}: {error}") from None
