"""Arrays of any shape, type and layout: a picture, or a clear exception."""

import itertools

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator, apply_all, corrupt, corrupt_batch

CLEAN = formula(48, 40)
EXPECTED = corrupt(CLEAN, 3, "gaussian_noise", seed=1)


def layouts():
    reversed_twice = np.ascontiguousarray(CLEAN[::-1, ::-1, ::-1])[::-1, ::-1, ::-1]
    wide = np.zeros((80, 96, 6), np.uint8)
    wide[::2, ::2, ::2] = CLEAN
    read_only = CLEAN.copy()
    read_only.flags.writeable = False
    memory = bytearray(1 + CLEAN.size)
    unaligned = np.frombuffer(memory, np.uint8, offset=1).reshape(CLEAN.shape)
    unaligned[...] = CLEAN
    return {
        "C": CLEAN,
        "Fortran": np.asfortranarray(CLEAN),
        "negative strides": reversed_twice,
        "every second": wide[::2, ::2, ::2],
        "channels first": np.ascontiguousarray(CLEAN.transpose(2, 0, 1)).transpose(1, 2, 0),
        "read-only": read_only,
        "unaligned": unaligned,
        "subclass": CLEAN.view(np.recarray),
        "memory map": np.frombuffer(CLEAN.tobytes(), np.uint8).reshape(CLEAN.shape),
    }


@pytest.mark.parametrize("layout", layouts())
def test_layouts_give_the_same_bytes(layout):
    image = layouts()[layout]
    before = image.copy()
    made = corrupt(image, 3, "gaussian_noise", seed=1)
    assert np.array_equal(made, EXPECTED)
    assert np.array_equal(image, before), "the picture is not changed"
    assert type(made) is np.ndarray and made.dtype == np.uint8
    assert made.flags.c_contiguous and made.flags.writeable and made.flags.owndata
    assert not np.shares_memory(made, image)


def test_grey_becomes_three_channels():
    grey = CLEAN[..., 0]
    stacked = np.stack([grey] * 3, axis=-1)
    expected = corrupt(stacked, 3, "gaussian_noise", seed=1)
    assert np.array_equal(corrupt(grey, 3, "gaussian_noise", seed=1), expected)
    assert np.array_equal(corrupt(grey[..., None], 3, "gaussian_noise", seed=1), expected)
    assert not np.array_equal(expected[..., 0], expected[..., 1]), "noise differs between channels"


@pytest.mark.parametrize(
    "kind",
    ["float32", "float64", "float16", "uint16", "int16", "int8", "int64", "bool", "complex64", "object", "U1", ">u2"],
)
def test_other_types_are_refused(kind):
    with pytest.raises(AttributeError, match="numpy.uint8"):
        corrupt(np.zeros((40, 48, 3), kind), 1, "fog")


def test_other_objects_are_refused():
    for other in (None, 3, CLEAN.tolist(), CLEAN.tobytes(), memoryview(CLEAN), np.uint8(3)):
        with pytest.raises(AttributeError, match="numpy.ndarray"):
            corrupt(other, 1, "fog")


def test_shapes_give_a_picture_or_an_attribute_error():
    sides = (0, 1, 31, 32, 33)
    shapes = [(), (40,), (40, 48, 3, 1), (1, 40, 48, 3)]
    shapes += itertools.product(sides, sides)
    shapes += itertools.product(sides, sides, (0, 1, 2, 3, 4, 32))
    for shape in shapes:
        fits = len(shape) in (2, 3) and min(shape[:2]) >= 32 and (*shape, 1)[2] in (1, 3)
        if fits:
            assert corrupt(np.zeros(shape, np.uint8), 1, "fog", seed=0).shape == (*shape[:2], 3)
        else:
            with pytest.raises(AttributeError, match="Expecting|at least 32"):
                corrupt(np.zeros(shape, np.uint8), 1, "fog", seed=0)


def test_the_compiled_side_checks_for_itself():
    """Whatever Python gives it, it raises and never writes."""
    from scribe_corruptions._native import Suite

    suite = Suite("imagecorruptions")
    read_only = CLEAN.copy()
    read_only.flags.writeable = False
    wrong = [np.zeros((40, 48, 4), np.uint8), np.zeros((8, 8, 3), np.uint8), np.zeros((0, 0, 3), np.uint8)]
    wrong += [np.zeros((40, 48, 3), np.float32), np.zeros((40, 48), np.uint8), CLEAN[::-1].copy()[::-1], read_only, None]
    for image in wrong:
        with pytest.raises((AttributeError, TypeError, ValueError)):
            suite.corrupt(image, "fog", 1, 0)
    same = CLEAN.copy()
    with pytest.raises((TypeError, ValueError)):
        suite.corrupt_many([same, same], [("fog", 1)] * 2, [0, 0], 2)
    with pytest.raises(ValueError, match="as many"):
        suite.corrupt_many([same], [("fog", 1)] * 2, [0, 0], 2)


class Asked:
    """An object that gives its array when NumPy asks for it."""

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return self.array


def test_masked_arrays_are_refused(tmp_path):
    """NumPy drops the mask without a word."""
    masked = np.ma.masked_array(CLEAN, mask=CLEAN > 5)
    truth = CLEAN[..., 0] % 3
    hidden = np.ma.masked_array(truth, mask=truth == 2)
    planes = np.ma.masked_array(CLEAN.transpose(2, 0, 1).astype(np.float32), mask=False)
    for call in (
        lambda: corrupt(masked, 1, "fog"),
        lambda: corrupt(np.ma.masked_array(CLEAN), 1, "fog", seed=1),
        lambda: corrupt_batch([CLEAN, masked], "fog:1"),
        lambda: corrupt_batch(np.ma.stack([masked, masked]), "fog:1"),
        lambda: apply_all(masked),
    ):
        with pytest.raises(TypeError, match="image: a masked array .expected a plain one"):
            call()
    with Evaluator(3, ["a", "b", "c"], tmp_path) as evaluator:
        for what, arguments, picture in (
            ("truth", (hidden, truth), None),
            ("truth", (list(hidden), truth), None),
            ("prediction", (truth, hidden), None),
            ("prediction", (truth, planes), None),
            ("prediction", (truth, list(planes)), None),
            ("picture", (truth, truth), masked),
        ):
            with pytest.raises(TypeError, match=f"{what}: a masked array .*counts for nothing"):
                evaluator.add("p", "clean", *arguments, picture=picture)
        with pytest.raises(TypeError, match="truth: a masked array"):
            evaluator.add_batch(["p"], "clean", hidden[None], truth[None])
        # What becomes a masked array only when NumPy asks for one.
        with pytest.raises(TypeError, match="truth: a masked array"):
            evaluator.add("p", "clean", Asked(hidden), truth)
        assert not evaluator.done("p", "clean")
        assert evaluator.add("p", "clean", hidden.filled(255), Asked(truth))
