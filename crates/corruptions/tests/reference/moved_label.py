#!/usr/bin/env python3
"""Hashes of label maps that move with the elastic transform: the rows of tests/moved_label.rs.

    moved_label.py

A label map is made from a formula, coloured with VOC's palette, and given to the unmodified `elastic_transform` of
imagecorruptions 1.1.2, inside which scipy's `map_coordinates` samples with order=0 (nearest) instead of order=1. Its
fields and its edge (mode="reflect") are thus the package's own. A row is: width, height, severity, seed, SHA-256 of the
RGB bytes, how many pixels changed.

Environment: that of make_truth.py for the suite imagecorruptions.
"""
import hashlib

import imagecorruptions.corruptions as package
import numpy as np

SIZES = [(224, 224), (101, 203), (500, 375), (32, 32)]


def label(width, height):
    """Classes 0 to 20 in cells of 9 by 7 pixels, with void (255) between some of them."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    classes = (x // 9 * 5 + y // 7 * 3) % 21
    return np.where((x + 2 * y) % 23 == 0, 255, classes).astype(np.uint8)


def palette():
    """VOC's colours: the bits of a class, three by three, fill the channels from the highest bit down."""
    colours = np.zeros((256, 3), np.uint8)
    for value in range(256):
        for bit in range(8):
            colours[value, bit % 3] |= (value >> bit & 1) << (7 - bit // 3)
    return colours


def nearest(image, indices, order, mode):
    return original(image, indices, order=0, mode=mode)


original = package.map_coordinates
package.map_coordinates = nearest
for width, height in SIZES:
    truth = label(width, height)
    picture = palette()[truth]
    for severity in (1, 3, 5):
        np.random.seed(7)
        moved = np.rint(package.elastic_transform(picture, severity)).astype(np.uint8)
        digest = hashlib.sha256(moved.tobytes()).hexdigest()
        changed = int((moved != picture).any(axis=2).sum())
        print(f"({width}, {height}, {severity}, 7, \"{digest}\", {changed}),")
