#!/usr/bin/env python3
"""Answers a line NAME with the milliseconds of that corruption in the installed imagecorruptions.

`cargo xtask bench corruptions --python PATH` runs it: the picture is 500x375, the severity 3, one thread.
The first line that it writes names the package and its libraries.
"""
import contextlib
import importlib.metadata
import io
import os
import sys
import time
import warnings

for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"]:
    os.environ[name] = "1"
warnings.simplefilter("ignore")
import cv2
import numpy as np
from imagecorruptions import corrupt

cv2.setNumThreads(0)


def formula(width, height):
    """The picture of `formula_picture`: waves, blocks and texture in whole numbers."""
    picture = np.zeros((height, width, 3), np.uint8)
    y, x = np.mgrid[:height, :width].astype(np.int64)
    for c in range(3):
        smooth = (x * x * (c + 2) // 97 + y * y * (3 - c) // 61 + x * y // 53) % 256
        block = (x // 32 * 37 + y // 24 * 91 + c * 53) % 256
        texture = ((x * 31) ^ (y * 17) ^ (c * 101)) % 64
        picture[..., c] = np.minimum((5 * smooth + 2 * block + 4 * texture) // 11, 255)
    return picture


def version(package):
    try:
        return package + " " + importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def run(name):
    picture = PICTURE.copy()
    np.random.seed(0)
    with contextlib.redirect_stdout(io.StringIO()):
        started = time.perf_counter()
        corrupt(picture, severity=3, corruption_name=name)
        return 1e3 * (time.perf_counter() - started)


PICTURE = formula(500, 375)
names = ["imagecorruptions", "imagecorruptions-imaug", "numpy", "scipy", "scikit-image", "pillow", "numba"]
versions = [version(name) for name in names] + ["opencv " + cv2.__version__, "Python " + sys.version.split()[0]]
print(", ".join(v for v in versions if v), flush=True)
for line in sys.stdin:
    name = line.strip()
    times = [run(name)]
    while len(times) < 3 and sum(times) < 300:
        times.append(run(name))
    print(min(times), flush=True)
