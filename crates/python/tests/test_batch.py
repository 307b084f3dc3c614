"""Batches and threads: the same bytes in any number of them."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from support import formula

from scribe_corruptions import _native, _state, apply_all, corrupt, corrupt_batch, get_corruption_names, seed_for

CLEAN = formula(48, 40)
pytestmark = pytest.mark.filterwarnings("ignore::scribe_corruptions.FrostWarning")


def test_a_seed_is_scribe_s():
    # First four bytes, little-endian, of sha256(b"scribe-seed/1\x000\x002007_000033\x00fog\x003").
    assert seed_for(0, "2007_000033", "fog", 3) == 4079120856
    with pytest.raises(AttributeError, match="Severity must be an integer in .1, 5., not 6"):
        seed_for(0, "2007_000033", "fog", 6)


@pytest.mark.parametrize("threads", [1, 2, 7, None])
def test_threads_do_not_change_bytes(threads):
    images = [formula(40 + n, 50 - n) for n in range(12)]
    conditions = [(name, 1 + n % 5) for n, name in enumerate(get_corruption_names()[:12])]
    made = corrupt_batch(images, conditions, master_seed=3, ids=[f"p{n}" for n in range(12)], threads=threads)
    for n, (image, (name, severity)) in enumerate(zip(images, conditions)):
        seed = seed_for(3, f"p{n}", name, severity)
        assert np.array_equal(made[n], corrupt(image, severity, name, seed=seed))


def test_arrays_give_arrays():
    images = np.stack([CLEAN, CLEAN[::-1]])
    made = corrupt_batch(images, "fog:3", seeds=[1, 2])
    assert made.shape == images.shape and made.dtype == np.uint8
    assert np.array_equal(made[1], corrupt(CLEAN[::-1], 3, "fog", seed=2))
    assert np.array_equal(corrupt_batch(images, ["fog:3", ("fog", 3)], seeds=[1, 2]), made)
    grey = corrupt_batch(images[..., 0], ("fog", 3), seeds=[1, 2])
    assert np.array_equal(grey[0], corrupt(CLEAN[..., 0], 3, "fog", seed=1))
    assert corrupt_batch(np.zeros((0, 40, 48, 3), np.uint8), "fog:3").shape == (0, 40, 48, 3)
    assert corrupt_batch([], "fog:3") == []


def test_ids_are_numbers_without_names():
    made = corrupt_batch([CLEAN, CLEAN], "fog:3", master_seed=5)
    assert np.array_equal(made[1], corrupt(CLEAN, 3, "fog", seed=seed_for(5, "1", "fog", 3)))


def test_apply_all_has_every_condition():
    made = apply_all(CLEAN, image_id="p", master_seed=2, threads=2)
    expected = [f"{name}:{severity}" for name in get_corruption_names() for severity in range(1, 6)]
    assert list(made) == expected
    for condition in ("gaussian_noise:1", "fog:5", "jpeg_compression:5"):
        name, severity = condition.split(":")
        seed = seed_for(2, "p", name, int(severity))
        assert np.array_equal(made[condition], corrupt(CLEAN, int(severity), name, seed=seed))


def test_wrong_batches_are_refused():
    cases = [
        (ValueError, "3 conditions for 2 images", {"conditions": ["fog:1"] * 3}),
        (ValueError, "1 seeds for 2 images", {"conditions": "fog:1", "seeds": [1]}),
        (ValueError, "1 ids for 2 images", {"conditions": "fog:1", "ids": ["a"]}),
        (ValueError, "NAME:SEVERITY", {"conditions": "fog"}),
        (ValueError, "ids='ab': one id", {"conditions": "fog:1", "ids": "ab"}),
        (ValueError, "at least 1", {"conditions": "fog:1", "threads": 0}),
        (ValueError, "threads=1025: .*at most 1024", {"conditions": "fog:1", "threads": 1025}),
        (ValueError, "threads=1.9: expected a whole number", {"conditions": "fog:1", "threads": 1.9}),
        (AttributeError, "Severity", {"conditions": ("fog", 9)}),
        (KeyError, "fog", {"conditions": ("fogg", 1)}),
    ]
    for kind, text, arguments in cases:
        with pytest.raises(kind, match=text):
            corrupt_batch([CLEAN, CLEAN], **arguments)
    with pytest.raises(AttributeError, match="n x height"):
        corrupt_batch(CLEAN[0], "fog:1")
    for wrong in (0, 1025):
        with pytest.raises(ValueError, match=f"threads={wrong}: expected at least 1 and at most 1024"):
            _native.Suite("imagecorruptions").corrupt_many([CLEAN.copy()], [("fog", 1)], [0], wrong)


def test_threads_of_python_share_numpy_s_generator():
    """Every call draws a part of the stream of its own: no two threads start from one state."""
    np.random.seed(4)
    expected = {corrupt(CLEAN, 1, "gaussian_noise").tobytes() for _ in range(16)}
    np.random.seed(4)
    made = []
    threads = [threading.Thread(target=lambda: made.append(corrupt(CLEAN, 1, "gaussian_noise"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.tobytes() for one in made} == expected


def test_the_interpreter_runs_on():
    """Python code runs while a picture is corrupted."""
    large = formula(1024, 768)
    ticks = []
    ended = threading.Event()

    def tick():
        while not ended.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    begun = time.perf_counter()
    corrupt(large, 5, "glass_blur", seed=0)
    ended_at = time.perf_counter()
    ended.set()
    ticker.join()
    assert sum(begun < moment < ended_at for moment in ticks) >= 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_has_threads_of_its_own():
    """PyTorch's workers are forked from a process that may have used threads already."""
    expected = corrupt_batch([CLEAN] * 4, "fog:3", threads=2)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        made = pool.apply_async(corrupt_batch, ([CLEAN] * 4, "fog:3"), {"threads": 2}).get(timeout=60)
    assert all(np.array_equal(a, b) for a, b in zip(made, expected))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_waits_for_no_thread_of_its_parent():
    """While a thread corrupts without a seed, it holds the lock of numpy's generator; the forked process has not that thread."""
    with _state._LOCK:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(60)
            corrupt(CLEAN, 1, "contrast")
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, "SIGALRM ended it, which is 14"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_is_heard_between_pictures(threads):
    images = [formula(256, 192) for _ in range(400)]
    before = images[0].copy()
    # A shell's job in the background is started with the signal ignored.
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            conditions = [("glass_blur", 5)] * len(images)
            _native.Suite("imagecorruptions").corrupt_many(images, conditions, list(range(len(images))), threads)
    finally:
        signal.signal(signal.SIGINT, earlier)
    assert np.array_equal(images[-1], before), "the last one was not begun"
    assert not np.array_equal(images[0], before)


FORKS = """
import os, signal, sys, threading, time, warnings
import numpy as np
from scribe_corruptions import _frost, corrupt
warnings.simplefilter("ignore")
_frost._known_folders = lambda: []
picture = np.zeros((40, 48, 3), np.uint8)
made = threading.Thread(target=corrupt, args=(picture, 1, "frost"), kwargs={"seed": 1})
made.start()
children = []
while made.is_alive() and len(children) < 20:
    time.sleep(0.005)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        corrupt(picture, 1, "frost", seed=1)
        os._exit(0)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_textures_of_frost_are_made_while_nobody_forks():
    """They take some 60 ms, once; a process that is forked in between would wait for them without end."""
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS]).returncode == 0
