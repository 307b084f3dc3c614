"""Reading JPEG files."""

import os
import stat
from typing import TYPE_CHECKING, Union

from . import _native

if TYPE_CHECKING:
    from ._image import Pixels


def read_jpeg(source: Union[str, "os.PathLike[str]", bytes], *, max_pixels: int = 1 << 27) -> "Pixels":
    """The pixels of a JPEG file, exactly those of libjpeg-turbo: what ``Image.open(source).convert("RGB")`` of Pillow
    gives, whatever libraries this machine has.

    Args:
        source: the file's path, or its bytes.
        max_pixels: a larger picture is refused before memory is taken.

    Returns:
        ``uint8``, height x width x 3, red first. An EXIF orientation is not applied.

    Raises:
        OSError: when the file cannot be read.
        ValueError: when it is not a JPEG file, damaged or too large, and for a device or a pipe, which may have no end.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _native.decode_jpeg(bytes(source), max_pixels)
    data = _bytes_of(source, max(max_pixels, 1 << 27))
    try:
        return _native.decode_jpeg(data, max_pixels)
    except ValueError as error:
        raise ValueError(f"{os.fspath(source)}: {error}") from None


def _bytes_of(source: Union[str, "os.PathLike[str]"], pixels: int) -> bytes:
    """The bytes of a file that may hold so many pixels: even noise at the best quality takes less than four bytes for one.

    Raises:
        OSError: when the file cannot be read.
        ValueError: for what is no file, which would be waited for, and for a longer file.
    """
    found = os.stat(source)
    # To open a folder is an OSError of its own.
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        what = "a named pipe" if stat.S_ISFIFO(found.st_mode) else "a device or a socket"
        raise ValueError(f"{os.fspath(source)}: it is {what} (expected a file, a link to one, or the bytes of a JPEG file)")
    if found.st_size > 4 * pixels:
        raise ValueError(f"{os.fspath(source)}: {found.st_size} bytes (expected at most {4 * pixels}: max_pixels)")
    with open(source, "rb") as file:
        return file.read(found.st_size)
