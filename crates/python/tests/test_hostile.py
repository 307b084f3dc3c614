"""Random arrays, numbers and names from fixed seeds: a result or a clear exception, and nothing lost.

A panic of the compiled half is no `Exception`, so that it would end these tests.
"""

import contextlib
import sqlite3
import threading
import tracemalloc

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator, _native, apply_all, corrupt, corrupt_batch

CLEAN = formula(40, 36)
#: What a caller may meet; each says something.
KINDS = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)
TYPES = ["uint8"] * 24 + ["uint16", "int8", "int32", "int64", "uint64", "float16", "float32", "float64", "bool", "complex64", "U3", "O", "M8[s]", ">u2"]


def refused(call):
    """What is raised, or None; anything but a clear exception fails."""
    try:
        call()
    except KINDS as error:
        assert str(error).strip(), f"{type(error).__name__} without a word"
        return error
    return None


def values_of(draw, shape, kind):
    if kind == "O":
        array = np.empty(shape, "O")
        array.fill(draw.choice([None, "a", 3]))
        return array
    numbers = draw.integers(0, 256, shape)
    return numbers.astype("i8").astype(kind) if kind == "M8[s]" else numbers.astype(kind)


def laid_out(draw, array):
    """The same values in another layout."""
    for _ in range(draw.integers(3)):
        step = draw.integers(6)
        if step == 0 and array.ndim:
            array = np.flip(np.flip(array).copy())
        elif step == 1:
            array = np.asfortranarray(array)
        elif step == 2 and array.ndim:
            array = np.repeat(array, 2, axis=-1)[..., ::2]
        elif step == 3:
            array = array.copy()
            array.flags.writeable = False
        elif step == 4 and array.ndim > 1:
            array = np.moveaxis(np.moveaxis(array, -1, 0).copy(), 0, -1)
        elif array.dtype.kind in "iuf" and array.dtype.itemsize > 1:
            array = array.astype(array.dtype.newbyteorder())
    return array


def picture_of(draw):
    sides = [0, 1, 31, 32, 33, 48]
    shape = [int(draw.choice(sides, p=[0.04, 0.04, 0.04, 0.4, 0.4, 0.08])) for _ in range(2)]
    shape += [int(draw.choice([0, 1, 2, 3, 4], p=[0.05, 0.1, 0.05, 0.75, 0.05]))] if draw.random() < 0.9 else []
    if draw.random() < 0.05:
        shape = shape[: draw.integers(3)]
    array = values_of(draw, tuple(shape), str(draw.choice(TYPES)))
    if array.ndim and len(array) and draw.random() < 0.1:
        array = np.broadcast_to(array[:1], (int(draw.choice([36, 10**9])), *array.shape[1:]))
    return laid_out(draw, array) if is_small(array) else array


def is_small(array):
    """Whether it can be copied: NumPy 1 has no memory for a billion rows of nothing."""
    return array.size < 10**6 and max(array.shape, default=0) < 10**6


ODD = [None, -1, 0, 1, 2, 3, 5, 6, 19, 2**31, 2**64, -(2**70), 2.0, 2.5, float("nan"), float("inf"), True, "3", b"fog", "fog", "fogg", "", "\0", "\ud800", [], (), np.int64(2), np.float32(3), np.array([1, 2]), object()]


def odd(draw):
    return ODD[draw.integers(len(ODD))]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(6))
def test_pictures(seed):
    draw = np.random.default_rng(seed)
    expected, made = corrupt(CLEAN, 2, "snow", seed=5), 0
    for _ in range(150):
        image = picture_of(draw)
        before = image.copy() if is_small(image) and image.dtype.kind != "O" else None
        severity = odd(draw) if draw.random() < 0.2 else int(draw.integers(1, 6))
        name = odd(draw) if draw.random() < 0.2 else str(draw.choice(["fog", "contrast", "glass_blur", "jpeg_compression", "impulse_noise"]))
        chosen = odd(draw) if draw.random() < 0.2 else 7
        result = []
        error = refused(lambda: result.append(corrupt(image, severity, name, seed=chosen)))
        if error is None:
            made += 1
            assert result[0].shape == (*image.shape[:2], 3) and result[0].dtype == np.uint8
        if before is not None:
            assert np.array_equal(image, before), "the picture is not changed"
        if draw.random() < 0.2:
            refused(lambda: corrupt(image, odd(draw), corruption_number=odd(draw), seed=odd(draw)))
        if draw.random() < 0.2:
            refused(lambda: corrupt_batch([image, CLEAN], ["fog:1", odd(draw)], seeds=[1, odd(draw)], threads=2))
    assert made > 20, "most of it should not be refused early"
    assert np.array_equal(corrupt(CLEAN, 2, "snow", seed=5), expected)


@contextlib.contextmanager
def little_memory():
    """NumPy tells tracemalloc of every array: none of them is a copy of what is claimed, the least of which is 600 MB."""
    tracemalloc.start()
    try:
        yield
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10_000_000


def test_a_claimed_size_takes_no_memory():
    huge = np.broadcast_to(np.uint8(7), (40_000, 40_000, 3))
    for call in (
        lambda: corrupt(huge, 1, "fog"),
        lambda: corrupt_batch([huge], "fog:1"),
        lambda: corrupt_batch(huge[None], "fog:1"),
        lambda: apply_all(huge),
        lambda: corrupt(CLEAN, 1, "fog", max_pixels=40 * 36 - 1),
    ):
        with pytest.raises(AttributeError, match="max_pixels"), little_memory():
            call()
    assert corrupt(CLEAN, 1, "fog", seed=1, max_pixels=40 * 36).shape == CLEAN.shape


def test_an_evaluator_takes_no_memory_for_a_claimed_size(tmp_path):
    flat, planes = np.zeros((4, 4), np.uint8), np.zeros((3, 4, 4), np.float32)
    wide = np.broadcast_to(np.uint8(1), (40_000, 40_000))
    deep = np.broadcast_to(np.float32(1), (3, 40_000, 40_000))
    with Evaluator(3, ["a", "b", "c"], tmp_path) as evaluator:
        for truth, prediction, picture in [
            (wide, wide, None),
            (flat, wide, None),
            (wide, flat, None),
            (flat, deep, None),
            (flat, np.broadcast_to(np.float32(1), (3, 5, 10**7)), None),
            (flat, flat, np.broadcast_to(np.uint8(1), (40_000, 40_000, 3))),
        ]:
            with pytest.raises(ValueError, match="expected 1 to 134217728|size of the truth|another size"), little_memory():
                evaluator.add("p", "clean", truth, prediction, picture=picture)
        assert evaluator.add("p", "clean", flat, planes)


def rows(folder):
    with sqlite3.connect(folder / "store.sqlite") as store:
        tables = ["inputs", "confusions", "calibration", "moments", "non_distinctiveness", "panels"]
        return {table: store.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def answer_of(draw, shape):
    """A label map and an answer, mostly good, and a picture or none."""
    truth = draw.integers(0, 3, shape).astype(draw.choice(["uint8", "int64", "int16"]))
    truth[draw.random(shape) < 0.1] = 255 if truth.dtype != np.int8 else 0
    if draw.random() < 0.5:
        prediction = draw.integers(0, 3, shape).astype(draw.choice(["uint8", "int32", "uint64"]))
    else:
        size = (3, *(int(draw.integers(1, side + 1)) for side in shape))
        prediction = draw.normal(0, 4, size).astype(draw.choice(["float16", "float32", "float64"]))
    picture = values_of(draw, (*shape, 3), "uint8") if draw.random() < 0.5 else None
    return truth, prediction, picture


def spoiled(draw, array):
    """The same with one thing wrong."""
    array = np.array(array)
    kind = draw.integers(9)
    if kind == 0:
        return array.astype(draw.choice(["complex64", "U3", "M8[s]", "O"])) if array.dtype.kind != "f" else array.astype("U3")
    if kind == 1:
        return array[..., :0]
    if kind == 2:
        return array[None] if array.ndim == 3 else array[0]
    if kind == 3:
        return np.concatenate([array] * 40, axis=-1)
    if kind == 4:
        return np.broadcast_to(array[..., :1], (*array.shape[:-1], 10**9))
    array = array.astype("float32" if array.dtype.kind == "f" else "int64")
    bad = [np.nan, np.inf, -np.inf, np.nan] if array.dtype.kind == "f" else [3, -1, 2**40, 256]
    array[tuple(draw.integers(side) for side in array.shape)] = bad[kind - 5]
    return array


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_wrong_answers_leave_no_trace(tmp_path, seed):
    """A loop in which every second call is wrong ends with the rows of the good calls."""
    draw = np.random.default_rng(100 + seed)
    records = {"records": ["moments", "calibration", "non_distinctiveness"]}
    good = Evaluator(3, ["a", "b", "c"], tmp_path / "good", **records)
    mixed = Evaluator(3, ["a", "b", "c"], tmp_path / "mixed", **records)
    for number in range(60):
        shape = tuple(int(side) for side in draw.integers(2, 40, 2))
        condition = ["clean", "fog:2", "real_rain:1"][draw.integers(3)]
        truth, prediction, picture = answer_of(draw, shape)
        wrong = [("truth", spoiled(draw, truth), prediction, picture), ("prediction", truth, spoiled(draw, prediction), picture)]
        wrong += [("picture", truth, prediction, spoiled(draw, values_of(draw, (*shape, 3), "uint8")))]
        what, *spoilt = wrong[draw.integers(3)]
        error = refused(lambda: mixed.add(f"p{number}", condition, *spoilt[:2], picture=spoilt[2]))
        # A wider truth fits logits, which may be smaller, and nothing else.
        assert error is not None or what == "truth" and spoilt[0].shape[1] > shape[1] and prediction.ndim == 3, what
        if error is None:
            good.add(f"p{number}", condition, *spoilt[:2], picture=spoilt[2])
            continue
        for bad in ("../x", "a\nb", "", ".a", "a/", "x" * 256, "\ud800", "a\0", "a:b"):
            assert refused(lambda: mixed.add(bad, condition, truth, prediction)), bad
        for bad in ("clean:1", "fog", "fog:0", "fogg:1", "fog:-1", "fog:1:2", "", ("fog", 6), ("fog", None), None, 3, "fog:\u0663x"):
            assert refused(lambda: mixed.add(f"p{number}", bad, truth, prediction)), bad
        for bad in (-1, 2**32, 1.5, "a"):
            assert refused(lambda: mixed.add(f"p{number}", condition, truth, prediction, seed=bad)), bad
        laid = [laid_out(draw, array) for array in (truth, prediction)]
        for evaluator, two in ((good, [truth, prediction]), (mixed, laid)):
            assert evaluator.add(f"p{number}", condition, *two, picture=picture)
    good.close()
    mixed.close()
    assert rows(tmp_path / "good") == rows(tmp_path / "mixed")
    assert len(rows(tmp_path / "good")["inputs"]) == 60


def test_two_at_once_on_one_folder(tmp_path):
    truth = np.zeros((4, 5), np.uint8)
    with Evaluator(3, ["a", "b", "c"], tmp_path) as first:
        first.add("a", "clean", truth, truth)
        for _ in range(3):
            with pytest.raises(RuntimeError, match="in use by process"):
                Evaluator(3, ["a", "b", "c"], tmp_path, model="second")
        first.add("b", "clean", truth, truth)
    with Evaluator(3, ["a", "b", "c"], tmp_path, model="second") as second:
        assert second.add("a", "clean", truth, truth)
    assert len(rows(tmp_path)["confusions"]) == 3


def test_threads_share_an_evaluator(tmp_path):
    truth = formula(40, 36)[..., 0] % 3
    with Evaluator(3, ["a", "b", "c"], tmp_path) as evaluator:
        counted, failed = [], []

        def work(number):
            try:
                for k in range(20):
                    counted.append(evaluator.add(f"p{k}", "fog:1", truth, (truth + number) % 3))
                    evaluator.done(f"p{k}", "clean")
            except BaseException as error:  # noqa: BLE001
                failed.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert not failed and len(counted) == 80 and sum(counted) == 20, "each key is counted once"
    assert len(rows(tmp_path)["inputs"]) == 20


def test_folders_that_are_no_runs(tmp_path):
    settings = (3, ["a", "b", "c"])
    (tmp_path / "file").write_text("text")
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage/store.sqlite").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/store.sqlite").write_bytes(b"")
    (tmp_path / "other").mkdir()
    with sqlite3.connect(tmp_path / "other/store.sqlite") as store:
        store.execute("CREATE TABLE mine (a)")
    (tmp_path / "folder/store.sqlite").mkdir(parents=True)
    for name in ("file", "garbage", "empty", "other", "folder", "a\0b", "x" * 300):
        before = {path: path.read_bytes() for path in tmp_path.rglob("store.sqlite") if path.is_file()}
        with pytest.raises((ValueError, RuntimeError)) as raised:
            Evaluator(*settings, out=f"{tmp_path}/{name}")
        assert name[:9] in str(raised.value) or "\0" in name
        assert {path: path.read_bytes() for path in before} == before, "what is there stays as it is"
    with pytest.raises(ValueError, match="out"):
        Evaluator(*settings, out="")
    made = Evaluator(*settings, out=tmp_path / "made")
    made.close()
    made.close()
    for call in (lambda: made.done("a", "clean"), made.report, lambda: made.add("a", "clean", [[0]], [[0]])):
        with pytest.raises(ValueError, match="closed"):
            call()
    with pytest.raises(ValueError, match="different settings|class_names|classes"):
        Evaluator(2, ["a", "b"], out=tmp_path / "made")


def test_the_compiled_side_checks_for_itself(tmp_path):
    """Whatever the Python around it lets through, it raises."""
    settings = []

    class Spy:
        def __init__(self, out, given):
            settings.append(given)
            raise ValueError("seen")

    real, _native.Evaluator = _native.Evaluator, Spy
    try:
        with pytest.raises(ValueError, match="seen"):
            Evaluator(3, ["a", "b", "c"], tmp_path)
    finally:
        _native.Evaluator = real
    [good] = settings
    draw = np.random.default_rng(7)
    for _ in range(300):
        wrong = {**good, "classes": dict(good["classes"])}
        level = wrong if draw.random() < 0.5 else wrong["classes"]
        key = list(level)[draw.integers(len(level))]
        if draw.random() < 0.2:
            del level[key]
        else:
            level[key] = [odd(draw), [odd(draw)], [odd(draw)] * 300, "a" * 70][draw.integers(4)]
        result = []
        refused(lambda: result.append(_native.Evaluator(str(tmp_path / f"run{_}"), wrong)))
        for made in result:
            made.close()
    native = _native.Evaluator(str(tmp_path / "native"), good)
    whole, planes = np.zeros((4, 4), np.int32), np.zeros((3, 4, 4), np.float32)
    for _ in range(300):
        arrays = [whole, whole, planes, np.zeros((4, 4, 3), np.uint8), None]
        pick = [arrays[draw.integers(5)] for _ in range(4)]
        pick = [array if array is None or draw.random() < 0.7 else array[..., ::-1] for array in pick]
        pick = [array if array is None or draw.random() < 0.9 else array[:0] for array in pick]
        refused(lambda: native.add("a", "fog", int(draw.integers(1, 6)), 0, *pick))
    native.close()
