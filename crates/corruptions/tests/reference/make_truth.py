#!/usr/bin/env python3
"""Hashes of the unmodified Python packages' output on the formula picture: the rows of tests/truth.

    make_truth.py OUT.csv [--suite imagecorruptions|imagenet_c] [--sizes 500x375,...] [--seeds 0,1] [--severities 1,2]

A row is: suite, input, width, height, corruption, severity, seed, SHA-256 of the RGB bytes.
The committed files:

    make_truth.py imagecorruptions-formula.csv
    make_truth.py imagecorruptions-sizes.csv --sizes 33x500,281x500,513x300,1024x683,32x32 --seeds 7 --severities 1,3,5
    make_truth.py imagenet_c-formula.csv --suite imagenet_c --sizes 224x224

Suite imagecorruptions, the environment in which the wheel runs unpatched and obeys the seed everywhere:
    Python 3.9  imagecorruptions==1.1.2 numpy==1.22.4 scipy==1.9.3 scikit-image==0.18.3
                opencv-python-headless==4.8.1.78 pillow==10.4.0 setuptools==58.1.0   (imagecorruptions with --no-deps)
Suite imagenet_c (needs ImageMagick 6.9.11 Q16, and the frost pictures of the imagecorruptions wheel beside it):
    Python 3.8  imagenet_c==0.0.3 numpy==1.19.5 scipy==1.5.4 scikit-image==0.17.2
                opencv-python-headless==4.4.0.46 pillow==8.0.1 Wand==0.5.9
Both with plain arithmetic:
    NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"
    OPENCV_CPU_DISABLE="AVX512-SKX,AVX2,FMA3,AVX"
"""
import argparse
import contextlib
import csv
import hashlib
import importlib
import io
import warnings

warnings.simplefilter("ignore")
import cv2
import numpy as np

cv2.setNumThreads(0)
if hasattr(cv2, "ipp"):
    cv2.ipp.setUseIPP(False)  # Intel's code inside OpenCV differs from OpenCV's own and between versions.


def formula(width, height):
    """The picture of tests/support: waves, blocks and texture in whole numbers."""
    picture = np.zeros((height, width, 3), np.uint8)
    y, x = np.mgrid[:height, :width].astype(np.int64)
    for c in range(3):
        smooth = (x * x * (c + 2) // 97 + y * y * (3 - c) // 61 + x * y // 53) % 256
        block = (x // 32 * 37 + y // 24 * 91 + c * 53) % 256
        texture = ((x * 31) ^ (y * 17) ^ (c * 101)) % 64
        picture[..., c] = np.minimum((5 * smooth + 2 * block + 4 * texture) // 11, 255)
    return picture


def numbers(text):
    return [int(n) for n in text.split(",")]


def digest(picture):
    return hashlib.sha256(np.ascontiguousarray(picture, dtype=np.uint8).tobytes()).hexdigest()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out")
    arguments.add_argument("--suite", default="imagecorruptions", choices=["imagecorruptions", "imagenet_c"])
    arguments.add_argument("--sizes", default="500x375,375x500,224x224,101x203,64x64")
    arguments.add_argument("--seeds", default="0,4294967295", type=numbers)
    arguments.add_argument("--severities", default="1,2,3,4,5", type=numbers)
    given = arguments.parse_args()
    package = importlib.import_module(given.suite)
    with open(given.out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["suite", "input", "width", "height", "corruption", "severity", "seed", "sha256"])
        for size in given.sizes.split(","):
            width, height = map(int, size.split("x"))
            start = [given.suite, "formula", width, height]
            picture = formula(width, height)
            rows.writerow(start + ["input", 0, 0, digest(picture)])
            for name in package.corruption_dict:
                for severity in given.severities:
                    for seed in given.seeds:
                        np.random.seed(seed)
                        with contextlib.redirect_stdout(io.StringIO()):
                            spoilt = package.corrupt(picture.copy(), severity=severity, corruption_name=name)
                        rows.writerow(start + [name, severity, seed, digest(spoilt)])


if __name__ == "__main__":
    main()
