"""The counts of an ``Evaluator``, by hand. test_doors.py compares them with those of ``scribe eval``."""

import os
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator, seed_for

NAMES = ["background", "cat", "dog"]
CONDITIONS = ["clean", "contrast:5", "jpeg_compression:5"]


def truth(number):
    """A map of three classes with a void border."""
    map = formula(40, 36 + number)[..., 0] % 3
    map[0] = 255
    return map


def logits(number, condition):
    """Logits of three classes, in steps that float16 holds."""
    planes = formula(40, 36 + number).transpose(2, 0, 1).astype(np.float32) / 64
    return np.roll(planes, CONDITIONS.index(condition), axis=1)


def rows(folder, table):
    """The rows of a table, without their checksums."""
    with sqlite3.connect(folder / "store.sqlite") as store:
        columns = [name for _, name, *_ in store.execute(f"PRAGMA table_info({table})") if name != "checksum"]
        return store.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()


def cells(blob):
    """FORMAT.md: per cell truth, prediction, pixels as 32 bits, little-endian."""
    return {(blob[i], blob[i + 1]): int.from_bytes(blob[i + 2 : i + 6], "little") for i in range(0, len(blob), 6)}


def test_a_confusion_is_counted(tmp_path):
    with Evaluator(3, NAMES, tmp_path / "run") as evaluator:
        assert not evaluator.done("a/1", "fog:3")
        assert evaluator.add("a/1", "fog:3", [[0, 1, 255], [2, 2, 2]], np.array([[0, 2, 1], [2, 2, 0]], np.int64))
        assert evaluator.done("a/1", ("fog", 3)) and not evaluator.done("a/1", "clean")
        assert not evaluator.add("a/1", "fog:3", [[0]], [[0]]), "it is there"
    # input, series, cells: one pixel right of class 0, one of class 1 taken for 2, two right of 2, one taken for 0.
    [(_, _, blob)] = rows(tmp_path / "run", "confusions")
    assert cells(blob) == {(0, 0): 1, (1, 2): 1, (2, 0): 1, (2, 2): 2}
    [(_, image, corruption, severity, seed, sha256)] = rows(tmp_path / "run", "inputs")
    assert (image, corruption, severity, sha256) == ("a/1", "fog", 3, "")
    assert seed == seed_for(2020, "a/1", "fog", 3)


def fill(folder, prediction, stop=None, **settings):
    with Evaluator(3, NAMES, folder, **settings) as evaluator:
        for number in range(3):
            for condition in CONDITIONS:
                if stop == (number, condition):
                    return
                evaluator.add(f"p{number}", condition, truth(number), prediction(number, condition))
        evaluator.report()


def everything(folder):
    tables = ["manifest", "series", "inputs", "confusions", "moments", "cross_moments", "calibration", "non_distinctiveness"]
    return {table: rows(folder, table) for table in tables}


def test_a_loop_that_resumes_ends_with_the_same_rows(tmp_path):
    fill(tmp_path / "whole", logits)
    for n, stop in enumerate([(0, "clean"), (1, "contrast:5"), (2, "jpeg_compression:5")]):
        folder = tmp_path / str(n) / "whole"
        fill(folder, logits, stop)
        fill(folder, logits)
        assert everything(folder) == everything(tmp_path / "whole")
        for file in ("report.html", "table1.md", "measures.csv", "cells.csv"):
            assert (folder / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_killed_loop_resumes(tmp_path):
    fill(tmp_path / "whole" / "run", logits)
    killed = tmp_path / "killed" / "run"
    child = os.fork()
    if child == 0:
        evaluator = Evaluator(3, NAMES, killed)
        for number, condition in [(0, name) for name in CONDITIONS] + [(1, "clean"), (1, "contrast:5")]:
            evaluator.add(f"p{number}", condition, truth(number), logits(number, condition))
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert (killed / "store.sqlite-wal").exists(), "it ended without closing"
    fill(killed, logits)
    assert everything(killed) == everything(tmp_path / "whole" / "run")


def test_two_networks_stand_side_by_side(tmp_path):
    fill(tmp_path, logits, model="one", label="First net")
    fill(tmp_path, lambda number, _: np.zeros((36 + number, 40), np.uint8), model="two", images=["p0", "p1", "p2"])
    with Evaluator(3, NAMES, tmp_path, model="two") as evaluator:
        text = evaluator.report(tmp_path / "elsewhere")
    assert "First net" in text and "two" in text
    assert (tmp_path / "elsewhere" / "report.html").exists()


def test_logits_give_what_classes_give(tmp_path):
    fill(tmp_path / "logits", logits)
    fill(tmp_path / "classes", lambda *which: logits(*which).argmax(0))
    fill(tmp_path / "half", lambda *which: logits(*which).astype(np.float16))
    for other in ("classes", "half"):
        assert rows(tmp_path / other, "confusions") == rows(tmp_path / "logits", "confusions")
    assert rows(tmp_path / "half", "calibration") == rows(tmp_path / "logits", "calibration")
    assert rows(tmp_path / "classes", "calibration") == []
    # One row for each of three pictures under three conditions; cross-moments have none of clean.
    assert len(rows(tmp_path / "logits", "calibration")) == 9
    assert {row[1] for row in rows(tmp_path / "logits", "cross_moments")} == {"contrast", "jpeg_compression"}


def test_wrong_predictions_are_refused(tmp_path):
    clean = truth(0)
    planes = logits(0, "clean")
    softmax = np.exp(planes) / np.exp(planes).sum(0)
    negative = clean.astype(np.int16)
    negative[1, 2] = -1
    infinite = planes.copy()
    infinite[1, 2, 3] = np.inf
    cases = [
        ("3 at x=1, y=0", clean, np.full(clean.shape, 3) - (np.arange(40) == 0)),
        ("255 at x=0", clean, np.full(clean.shape, 255)),
        ("-1 at x=2, y=1", negative, clean % 3),
        ("another size", clean, clean[:-1] % 3),
        ("h at most 36", clean, np.repeat(planes, 2, axis=1)),
        ("w at most 40", clean, np.repeat(planes, 2, axis=2)),
        ("expected classes of", clean, planes[:2]),
        ("expected classes of", clean, clean[0]),
        ("floating-point", clean, planes.astype(np.int32)),
        ("whole numbers", clean, (clean % 3).astype(float)),
        ("whole numbers", clean.astype(float), clean % 3),
        ("height x width", clean[None], clean % 3),
        ("not a number", clean, infinite),
        ("probabilities", clean, softmax),
    ]
    with Evaluator(3, NAMES, tmp_path / "run") as evaluator:
        for text, labels, prediction in cases:
            with pytest.raises(ValueError, match=text):
                evaluator.add("p", "clean", labels, prediction)
        with pytest.raises(ValueError, match="clean prediction"):
            evaluator.add("p", "fog:3", clean, planes)
        with pytest.raises(ValueError, match="NAME:SEVERITY"):
            evaluator.add("p", "fog", clean, clean % 3)
        with pytest.raises(KeyError, match="fogg"):
            evaluator.add("p", "fogg:3", clean, clean % 3)
        for image in ("", "../p", "a//b"):
            with pytest.raises(ValueError):
                evaluator.add(image, "clean", clean, clean % 3)
        with pytest.raises(ValueError, match="uint8"):
            evaluator.add("p", "clean", clean, clean % 3, picture=planes)
    assert rows(tmp_path / "run", "inputs") == []
    with pytest.raises(ValueError, match="closed"):
        evaluator.add("p", "clean", clean, clean % 3)


def test_wrong_settings_are_refused(tmp_path):
    for classes, names, text in [(1, ["a"], "2 to 254"), (255, ["a"] * 255, "2 to 254"), (3, ["a"], "1 names")]:
        with pytest.raises(ValueError, match=text):
            Evaluator(classes, names, tmp_path / "none")
    with pytest.raises(ValueError, match="model id"):
        Evaluator(3, NAMES, tmp_path / "none", model="two words")
    Evaluator(3, NAMES, tmp_path).close()
    with pytest.raises(ValueError, match="master_seed"):
        Evaluator(3, NAMES, tmp_path, master_seed=1)
    with pytest.raises(ValueError, match="class_names"):
        Evaluator(3, ["a", "b", "c"], tmp_path)


def test_one_process_writes_at_a_time(tmp_path):
    script = "import sys; from scribe_corruptions import Evaluator; Evaluator(3, ['a', 'b', 'c'], sys.argv[1])"
    with Evaluator(3, ["a", "b", "c"], tmp_path):
        second = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True)
    assert second.returncode == 1 and "RuntimeError" in second.stderr and "in use by process" in second.stderr
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)]).returncode == 0
