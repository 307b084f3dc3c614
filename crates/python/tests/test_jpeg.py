"""JPEG files against Pillow, whose wheels hold libjpeg-turbo."""

import io

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
