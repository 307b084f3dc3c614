"""What the tests share: the formula picture, and the reference's hashes."""

import csv
import hashlib
from pathlib import Path

import numpy as np

TRUTH = Path(__file__).parents[2] / "corruptions" / "tests" / "truth"


def formula(width, height):
    """The picture of crates/corruptions/tests/reference/make_truth.py: waves, blocks and texture in whole numbers."""
    picture = np.zeros((height, width, 3), np.uint8)
    y, x = np.mgrid[:height, :width].astype(np.int64)
    for c in range(3):
        smooth = (x * x * (c + 2) // 97 + y * y * (3 - c) // 61 + x * y // 53) % 256
        block = (x // 32 * 37 + y // 24 * 91 + c * 53) % 256
        texture = ((x * 31) ^ (y * 17) ^ (c * 101)) % 64
        picture[..., c] = np.minimum((5 * smooth + 2 * block + 4 * texture) // 11, 255)
    return picture


def rows(file):
    """The rows of a file of hashes, which make_truth.py printed."""
    with open(TRUTH / file, newline="") as text:
        lines = (line for line in text if not line.startswith("#"))
        for row in csv.DictReader(lines):
            for number in ("width", "height", "severity", "seed"):
                row[number] = int(row[number])
            yield row


def digest(picture):
    """SHA-256 of the bytes in C order."""
    return hashlib.sha256(np.ascontiguousarray(picture).tobytes()).hexdigest()
