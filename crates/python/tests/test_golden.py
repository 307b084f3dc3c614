"""Bytes against the Python packages, row by row of crates/corruptions/tests/truth."""

import functools

import numpy as np
import pytest
from support import digest, formula, rows

from scribe_corruptions import corrupt, get_corruption_names
from scribe_corruptions._frost import suite_for

# jpeg_compression of imagenet_c came from another JPEG library (crates/corruptions/tests/truth.rs).
LEFT_OUT = {("imagenet_c", "jpeg_compression")}


@functools.lru_cache(maxsize=None)
def picture(width, height):
    return formula(width, height)


@functools.lru_cache(maxsize=None)
def has_frost():
    """Whether the reference's photographs are at hand."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return suite_for("imagecorruptions", None, True).frost_source() == "reference/1"


def by_corruption(file):
    """The rows of each corruption that can be compared here."""
    found = {}
    for row in rows(file):
        if row["corruption"] != "input" and (row["suite"], row["corruption"]) not in LEFT_OUT:
            found.setdefault(row["corruption"], []).append(row)
    return found


FILES = ["imagecorruptions-formula.csv", "imagecorruptions-sizes.csv", "imagenet_c-formula.csv"]
CASES = [(file, name) for file in FILES for name in by_corruption(file)]


@pytest.mark.parametrize(("file", "name"), CASES)
def test_rows_match(file, name):
    if name == "frost" and not has_frost():
        pytest.skip("the reference's photographs of frost are not installed")
    for row in by_corruption(file)[name]:
        clean = picture(row["width"], row["height"])
        made = corrupt(clean, row["severity"], name, seed=row["seed"], suite=row["suite"])
        assert digest(made) == row["sha256"], row


def test_the_picture_is_the_reference_s():
    for file in FILES:
        for row in rows(file):
            if row["corruption"] == "input":
                assert digest(picture(row["width"], row["height"])) == row["sha256"]


def test_every_corruption_has_rows():
    assert set(by_corruption(FILES[0])) == set(get_corruption_names("all"))


def test_numpy_s_seed_gives_the_same_rows():
    """Without `seed=`, `np.random.seed` decides, as in scripts for the original."""
    chosen = [row for row in rows(FILES[0]) if (row["width"], row["severity"]) == (64, 3)]
    compared = 0
    for row in chosen:
        if row["corruption"] not in ("input", "frost"):
            np.random.seed(row["seed"])
            assert digest(corrupt(picture(64, 64), 3, row["corruption"])) == row["sha256"], row
            compared += 1
    # 18 corruptions without frost, two seeds.
    assert compared == 36
