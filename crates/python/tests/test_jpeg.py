"""JPEG files against Pillow, whose wheels hold libjpeg-turbo."""

import io
import os
import sys

import numpy as np
import pytest
from support import formula

from scribe_corruptions import read_jpeg

Image = pytest.importorskip("PIL.Image")


def encoded(image, **settings):
    memory = io.BytesIO()
    Image.fromarray(image).save(memory, "JPEG", **settings)
    return memory.getvalue()


@pytest.mark.parametrize("settings", [{"quality": 30}, {"quality": 95, "subsampling": 0}, {"progressive": True}])
@pytest.mark.parametrize("size", [(48, 40), (1, 1), (33, 97)])
def test_pixels_are_pillow_s(tmp_path, settings, size):
    for image in (formula(*size), formula(*size)[..., 0]):
        data = encoded(image, **settings)
        expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        path = tmp_path / "picture.jpg"
        path.write_bytes(data)
        for source in (data, bytearray(data), memoryview(data), path, str(path)):
            assert np.array_equal(read_jpeg(source), expected)
    assert read_jpeg(data).flags.writeable


def test_other_files_are_refused(tmp_path):
    data = encoded(formula(48, 40))
    with pytest.raises(ValueError, match="start-of-image"):
        read_jpeg(b"GIF89a")
    with pytest.raises(ValueError, match="48x40"):
        read_jpeg(data, max_pixels=100)
    path = tmp_path / "short.jpg"
    path.write_bytes(data[: len(data) // 2][:100])
    with pytest.raises(ValueError, match="short.jpg: it is truncated"):
        read_jpeg(path)
    with pytest.raises(FileNotFoundError):
        read_jpeg(tmp_path / "none.jpg")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_what_may_have_no_end_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(ValueError, match="pipe.jpg: it is a named pipe .expected a file"):
        read_jpeg(tmp_path / "pipe.jpg")
    (tmp_path / "device.jpg").symlink_to("/dev/zero")
    with pytest.raises(ValueError, match="device.jpg: it is a device or a socket"):
        read_jpeg(tmp_path / "device.jpg")
    with open(tmp_path / "long.jpg", "wb") as file:
        # A hole, which takes no space.
        file.truncate(4 * 2**27 + 1)
    with pytest.raises(ValueError, match="long.jpg: 536870913 bytes .expected at most 536870912"):
        read_jpeg(tmp_path / "long.jpg")
    with pytest.raises(IsADirectoryError):
        read_jpeg(tmp_path)
