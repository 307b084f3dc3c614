"""Writes jpeg-rare/*.jpg beside itself, kinds that few programs write, and jpeg-rare/pillow.csv: name, width, height,
SHA-256 of the RGB bytes of `Image.open(FILE).convert("RGB")` in Pillow 13.0.0 (libjpeg-turbo 3.2.0), numpy 2.4.6.

python jpeg_rare.py CJPEG     CJPEG is the program of libjpeg-turbo 2.1.5 (Debian's package libjpeg-turbo-progs)
"""

import hashlib
import io
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image

from pillow_picture import picture

here = pathlib.Path(__file__).parent / "jpeg-rare"


def jpeg(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def cjpeg(image, *options):
    ppm = io.BytesIO()
    image.save(ppm, "PPM")
    return subprocess.run([sys.argv[1], "-arithmetic", *options], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def segments(data):
    """Marker, start and end of each segment up to the first scan's."""
    at = 2
    while True:
        end = at + 2 + int.from_bytes(data[at + 2:at + 4], "big")
        yield data[at + 1], at, end
        if data[at + 1] == 0xDA:
            return
        at = end


def without(data, marker):
    out = data
    for found, start, end in reversed(list(segments(data))):
        if found == marker:
            out = out[:start] + out[end:]
    return out


def with_transform(data, transform):
    """An Adobe segment that names this colour transform, in place of the one that is there, if any."""
    rest = without(without(data, 0xEE), 0xE0)
    return rest[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform]) + rest[2:]


def with_conditioning(data, *pairs):
    """The same decisions under other models: another picture, scrambled, but decodable where no code leads nowhere."""
    rest = without(data, 0xCC)
    content = bytes(value for pair in pairs for value in pair)
    return rest[:2] + b"\xff\xcc" + (2 + len(content)).to_bytes(2, "big") + content + rest[2:]


def inks(width, height):
    """Four planes: the formula picture's, and its red mirrored for black."""
    planes = picture(width, height).split()
    return Image.merge("CMYK", [*planes, planes[0].transpose(Image.FLIP_LEFT_RIGHT)])


def pillow(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


cmyk = jpeg(inks(40, 27), quality=90)
flat = Image.merge("CMYK", [Image.linear_gradient("L").resize((64, 8))] * 3 + [Image.new("L", (64, 8), 77)])
files = {
    "cmyk-adobe": cmyk,
    "cmyk-plain": without(cmyk, 0xEE),
    "cmyk-flat": jpeg(flat, quality=80),
    "cmyk-progressive": jpeg(inks(40, 27), quality=85, progressive=True),
    "cmyk-halved": jpeg(inks(41, 27), quality=85, subsampling=2),
    "ycck": with_transform(cmyk, 2),
    "ycck-halved": with_transform(jpeg(inks(41, 27), quality=85, subsampling=2), 2),
    "ycck-unknown-transform": with_transform(cmyk, 7),
    "no-huffman-420": without(jpeg(picture(50, 35), quality=80), 0xC4),
    "no-huffman-444": without(jpeg(picture(30, 22), quality=95, subsampling=0), 0xC4),
    "no-huffman-grey": without(jpeg(picture(30, 22).convert("L"), quality=70), 0xC4),
    "no-huffman-restart": without(jpeg(picture(50, 35), quality=60, restart_marker_blocks=2), 0xC4),
    "arithmetic-420": cjpeg(picture(50, 35), "-quality", "85"),
    "arithmetic-444": cjpeg(picture(37, 29), "-quality", "95", "-sample", "1x1"),
    "arithmetic-422": cjpeg(picture(37, 29), "-quality", "60", "-sample", "2x1"),
    "arithmetic-q100": cjpeg(picture(48, 48), "-quality", "100"),
    "arithmetic-grey": cjpeg(picture(45, 33), "-quality", "80", "-grayscale"),
    "arithmetic-restart": cjpeg(picture(70, 50), "-quality", "75", "-restart", "2B"),
    "arithmetic-rgb": cjpeg(picture(31, 20), "-quality", "80", "-rgb"),
    "arithmetic-flat": cjpeg(Image.new("RGB", (80, 60), (200, 30, 90)), "-quality", "75"),
    "arithmetic-wide-steps": cjpeg(picture(50, 35), "-quality", "3"),
    "arithmetic-progressive-420": cjpeg(picture(50, 35), "-quality", "85", "-progressive"),
    "arithmetic-progressive-444": cjpeg(picture(37, 29), "-quality", "95", "-sample", "1x1", "-progressive"),
    "arithmetic-progressive-grey": cjpeg(picture(45, 33), "-quality", "80", "-grayscale", "-progressive"),
    "arithmetic-progressive-restart": cjpeg(picture(70, 50), "-quality", "75", "-restart", "2B", "-progressive"),
    "arithmetic-progressive-q100": cjpeg(picture(48, 48), "-quality", "100", "-progressive"),
    "arithmetic-progressive-1x1": cjpeg(picture(1, 1), "-progressive"),
}
files["arithmetic-conditioned-dc"] = with_conditioning(files["arithmetic-progressive-grey"], (0x00, 0x42))
files["arithmetic-conditioned-ac"] = with_conditioning(cjpeg(picture(24, 16), "-quality", "75", "-grayscale"), (0x10, 2))

here.mkdir(exist_ok=True)
rows = []
for name, data in sorted(files.items()):
    (here / f"{name}.jpg").write_bytes(data)
    image = pillow(data)
    rows.append(f"{name},{image.width},{image.height},{hashlib.sha256(np.asarray(image).tobytes()).hexdigest()}")
(here / "pillow.csv").write_text("\n".join(rows) + "\n")
