"""A picture has one truth, clean and under every corruption; only pictures that no corruption made have their own."""

import hashlib
import sqlite3

import numpy as np
import pytest
from support import formula
from test_evaluator import rows

from scribe_corruptions import Evaluator

NAMES = ["background", "cat", "dog"]
TRUTH = formula(40, 36)[..., 0] % 3
#: The classes of one more pixel, of another size, and at other places.
OTHER = np.where((np.arange(36)[:, None] == 0) & (np.arange(40) == 0), (TRUTH + 1) % 3, TRUTH)
OTHERS = [
    (OTHER, r"\d+ pixels of class 0, and under clean \d+"),
    (TRUTH[:30], "30x40 pixels, and under clean 36x40"),
    (TRUTH.reshape(40, 36), "40x36 pixels, and under clean 36x40"),
    (TRUTH[:, ::-1], "its classes at other pixels than under clean"),
]


def planes_of(height, width):
    return formula(width, height).transpose(2, 0, 1).astype(np.float32) / 64


def inputs(folder):
    return [row[1:4] for row in rows(folder, "inputs")]


def test_another_truth_under_a_corruption_is_refused(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        evaluator.add("p", "clean", TRUTH, TRUTH)
        for other, text in OTHERS:
            with pytest.raises(ValueError, match=f"the truth of p under fog:3 has {text} .expected one truth.*real_NAME"):
                evaluator.add("p", "fog:3", other, other)
            assert not evaluator.done("p", "fog:3")
        assert evaluator.add("p", "fog:3", TRUTH, TRUTH)
        # Another picture has another truth.
        assert evaluator.add("q", "fog:3", OTHER, OTHER)
        with pytest.raises(ValueError, match="the truth of q under clean has .* under fog:3"):
            evaluator.add("q", "clean", TRUTH, TRUTH)
    assert inputs(tmp_path) == [("p", "clean", 0), ("p", "fog", 3), ("q", "fog", 3)]


def test_void_pixels_are_part_of_a_truth(tmp_path):
    first, second = TRUTH.copy(), TRUTH.copy()
    # Two pixels of one class, so that numbers are the same.
    one, two = np.flatnonzero(TRUTH[0] == 0)[:2]
    first[0, one] = second[0, two] = 255
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        evaluator.add("p", "clean", first, TRUTH)
        with pytest.raises(ValueError, match="other pixels"):
            evaluator.add("p", "fog:3", second, TRUTH)


def test_given_pictures_have_a_truth_of_their_own(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        for condition, truth in [("real_fog:1", OTHER), ("clean", TRUTH), ("real_fog:2", TRUTH[:30]), ("fog:1", TRUTH)]:
            assert evaluator.add("p", condition, truth, truth)
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        assert evaluator.add("p", "real_night:1", OTHER, OTHER)
        assert evaluator.add("p", "fog:2", TRUTH, TRUTH)


def test_a_store_knows_the_truths_of_an_earlier_loop_and_of_another_network(tmp_path):
    rules = {"network_classes": ["sky", *NAMES], "map": {"sky": None, **{name: name for name in NAMES}}}
    with Evaluator(3, NAMES, tmp_path, **rules) as evaluator:
        # Pixels that the network takes for what is scored nowhere count as well.
        assert evaluator.add("p", "clean", TRUTH, TRUTH)
        assert evaluator.add("p", "snow:1", TRUTH, TRUTH)
    with Evaluator(3, NAMES, tmp_path, **rules) as evaluator:
        with pytest.raises(ValueError, match="pixels of class 0, and under clean"):
            evaluator.add("p", "fog:3", OTHER, TRUTH)
        assert evaluator.add("p", "fog:3", TRUTH, TRUTH)
    with Evaluator(3, NAMES, tmp_path, model="second") as evaluator:
        with pytest.raises(ValueError, match="the truth of p under brightness:1 has .* under clean"):
            evaluator.add("p", "brightness:1", OTHER, OTHER)
        assert evaluator.add("p", "brightness:1", TRUTH, TRUTH)


def test_logits_of_other_sizes_are_not_compared(tmp_path):
    """Of 32 x 64 pixels are as many as of 64 x 32."""
    wide = TRUTH[:32, :32]
    wide = np.concatenate([wide, wide], axis=1)
    tall = wide.reshape(64, 32)
    for resumes in (False, True):
        with Evaluator(3, NAMES, tmp_path / str(resumes)) as evaluator:
            assert evaluator.add("p", "clean", wide, planes_of(32, 64))
            if not resumes:
                with pytest.raises(ValueError, match="64x32 pixels, and under clean 32x64"):
                    evaluator.add("p", "fog:1", tall, planes_of(64, 32))
        if resumes:
            # The store knows a hash alone, until the clean logits are given again.
            with Evaluator(3, NAMES, tmp_path / str(resumes)) as evaluator:
                assert not evaluator.add("p", "clean", wide, planes_of(32, 64))
                with pytest.raises(ValueError, match="64x32 pixels, and under clean 32x64"):
                    evaluator.add("p", "fog:1", tall, planes_of(64, 32))
                with pytest.raises(ValueError, match="the truth of p under clean"):
                    evaluator.add("p", "clean", tall, planes_of(64, 32))
        assert rows(tmp_path / str(resumes), "cross_moments") == []


def flips(folder, **settings):
    """What a loader that flips at random gives: the same counts, at other pixels, or in another size."""
    with Evaluator(3, NAMES, folder, **settings) as evaluator:
        for other in (TRUTH[:, ::-1], TRUTH[::-1], TRUTH.reshape(40, 36)):
            for condition in ("clean", "fog:2"):
                if not evaluator.done("p", condition):
                    with pytest.raises(ValueError, match=f"the truth of p under {condition} has its classes at other pixels"):
                        evaluator.add("p", condition, other, TRUTH.reshape(other.shape))
        assert evaluator.add("p", "fog:2", TRUTH, TRUTH), "the right one is still taken"


def test_a_flipped_truth_is_refused_after_a_resume_and_of_another_network(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        evaluator.add("p", "clean", TRUTH, TRUTH)
        evaluator.add("p", "fog:1", TRUTH, TRUTH)
    flips(tmp_path)
    flips(tmp_path, model="second")
    # FORMAT.md: a line of width and height, and a byte for each pixel.
    wanted = hashlib.sha256(b"40 36\n" + TRUTH.astype(np.uint8).tobytes()).hexdigest()
    assert rows(tmp_path, "pictures") == [(0, "p", "", wanted)]


def test_a_flipped_truth_of_a_given_picture_is_refused(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        evaluator.add("p", "real_fog:1", OTHER, OTHER)
        evaluator.add("p", "clean", TRUTH, TRUTH)
    with Evaluator(3, NAMES, tmp_path, model="second") as evaluator:
        with pytest.raises(ValueError, match="p real_fog:1: its label map has SHA-256 .* earlier results were scored against"):
            evaluator.add("p", "real_fog:1", OTHER[:, ::-1], OTHER)
        assert evaluator.add("p", "real_fog:1", OTHER, OTHER)
    wanted = hashlib.sha256(b"40 36\n" + OTHER.astype(np.uint8).tobytes()).hexdigest()
    assert [sha256 for _, sha256 in rows(tmp_path, "moved_labels")] == [wanted]


def test_a_store_without_hashes_is_compared_by_counts(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        evaluator.add("p", "clean", TRUTH, TRUTH)
    # As an earlier version leaves it.
    with sqlite3.connect(tmp_path / "store.sqlite") as store:
        store.execute("DELETE FROM pictures")
    store.close()
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        with pytest.raises(ValueError, match="pixels of class 0, and under clean"):
            evaluator.add("p", "fog:1", OTHER, OTHER)
        assert evaluator.add("p", "fog:1", TRUTH, TRUTH)
        with pytest.raises(ValueError, match="other pixels than under fog:1"):
            evaluator.add("p", "fog:2", TRUTH[:, ::-1], TRUTH)
    assert rows(tmp_path, "pictures") == [], "nobody knows what the earlier result was scored against"
