"""Writes jpeg/*.jpg beside itself, each of another kind, and jpeg/pillow.csv: name, width, height, SHA-256 of the
RGB bytes that Pillow 13.0.0 (libjpeg-turbo 3.2.0) decodes from each.
"""

import hashlib
import io
import pathlib

import numpy as np
from PIL import Image

from pillow_picture import picture

here = pathlib.Path(__file__).parent / "jpeg"


def jpeg(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def frame_at(data):
    """Where the frame header's content begins."""
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return at + 4


def resampled(data, sampling):
    """The same blocks under another sampling of brightness: with a size of as many groups, a valid picture, scrambled."""
    at = frame_at(data)
    out = bytearray(data)
    out[at + 7] = sampling[0] << 4 | sampling[1]
    return bytes(out)


def with_size(data, width, height):
    at = frame_at(data)
    out = bytearray(data)
    out[at + 1:at + 5] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(out)


def scan_of(data):
    """The entropy-coded bytes of a file with one scan."""
    at = 2
    while data[at + 1] != 0xDA:
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return data[at + 2 + int.from_bytes(data[at + 2:at + 4], "big"):-2]


def one_scan_each(image, quality):
    """A baseline file with a scan for each component, all with the same tables."""
    planes = [jpeg(plane, quality=quality) for plane in image.convert("YCbCr").split()]
    first = planes[0]
    at = frame_at(first)
    frame = first[at - 4:at - 2] + (17).to_bytes(2, "big") + first[at:at + 5] + bytes([3])
    frame += b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))
    tables = first[at + 9:first.index(b"\xff\xda")]
    scans = [b"\xff\xda" + (8).to_bytes(2, "big") + bytes([1, n + 1, 0, 0, 63, 0]) + scan_of(p) for n, p in enumerate(planes)]
    return first[:at - 4] + frame + tables + b"".join(scans) + b"\xff\xd9"


def without_jfif(data):
    at = data.index(b"\xff\xe0")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2:at + 4], "big"):]


files = {}
for name, subsampling in [("444", 0), ("422", 1), ("420", 2)]:
    for width, height in [(37, 29), (64, 48), (17, 16), (16, 17)]:
        files[f"{name}-{width}x{height}"] = jpeg(picture(width, height), quality=88, subsampling=subsampling)
        files[f"{name}-{width}x{height}-progressive"] = jpeg(
            picture(width, height), quality=80, subsampling=subsampling, progressive=True)
    for width, height in [(1, 1), (2, 2), (3, 5), (5, 3), (4, 4), (6, 1)]:
        files[f"{name}-{width}x{height}"] = jpeg(picture(width, height), quality=92, subsampling=subsampling, optimize=True)
files["420-q5"] = jpeg(picture(50, 40), quality=5)
files["420-q100"] = jpeg(picture(50, 40), quality=100, subsampling=2)
files["420-q100-progressive"] = jpeg(picture(50, 40), quality=100, subsampling=2, progressive=True)
files["420-restart-blocks"] = jpeg(picture(70, 50), quality=75, restart_marker_blocks=3)
files["420-restart-rows"] = jpeg(picture(70, 50), quality=75, restart_marker_rows=1)
files["420-restart-progressive"] = jpeg(picture(70, 50), quality=75, restart_marker_blocks=2, progressive=True)
files["grey"] = jpeg(picture(45, 33).convert("L"), quality=85)
files["grey-progressive"] = jpeg(picture(45, 33).convert("L"), quality=85, progressive=True)
files["rgb"] = jpeg(picture(45, 33), quality=85, keep_rgb=True)
files["adobe-free-ycc"] = without_jfif(jpeg(picture(45, 33), quality=85))
files["scan-each"] = one_scan_each(picture(45, 33), 85)
# 4:4:0, 4:1:1 and 4:1:0-like samplings, which Pillow does not write.
files["440"] = resampled(with_size(jpeg(picture(64, 48), quality=90, subsampling=1), 32, 96), (1, 2))
files["440-odd"] = resampled(with_size(jpeg(picture(64, 48), quality=90, subsampling=1), 29, 93), (1, 2))
files["411"] = resampled(with_size(jpeg(picture(64, 48), quality=90, subsampling=2), 123, 24), (4, 1))
files["1x4"] = resampled(with_size(jpeg(picture(64, 48), quality=90, subsampling=2), 31, 92), (1, 4))
files["440-progressive"] = resampled(
    with_size(jpeg(picture(64, 48), quality=90, subsampling=1, progressive=True), 32, 96), (1, 2))

here.mkdir(exist_ok=True)
rows = []
for name, data in sorted(files.items()):
    (here / f"{name}.jpg").write_bytes(data)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    rows.append(f"{name},{image.width},{image.height},{hashlib.sha256(np.asarray(image).tobytes()).hexdigest()}")
(here / "pillow.csv").write_text("\n".join(rows) + "\n")
