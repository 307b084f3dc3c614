"""The counts of an ``Evaluator``, by hand and beside ``scribe eval --predictions``."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator, corrupt, seed_for

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
    with sqlite3.connect(folder / "store.sqlite") as store:
        return store.execute(f"SELECT * FROM {table}").fetchall()


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
        ("another size", clean, planes[:, ::2]),
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


PROGRAM = os.environ.get("SCRIBE")


@pytest.mark.skipif(PROGRAM is None, reason="SCRIBE names no program scribe")
@pytest.mark.parametrize("kind", ["classes", "logits"])
def test_it_is_scribe_eval_byte_for_byte(tmp_path, kind):
    """The same maps through ``scribe eval --predictions`` and through an ``Evaluator``: the same rows, the same numbers."""
    Image = pytest.importorskip("PIL.Image")

    def scribe(*arguments):
        subprocess.run([PROGRAM, *arguments], cwd=tmp_path, check=True, capture_output=True)

    scribe("data", "synth", "set", "--train", "1", "--val", "3", "--width", "48", "--height", "40")
    ids = (tmp_path / "set/ImageSets/Segmentation/val.txt").read_text().split()
    settings = ["eval.view=native", 'eval.corruptions=["contrast", "gaussian_noise"]', "eval.severities=[2, 5]"]
    settings = [word for setting in settings for word in ("--set", setting)]
    conditions = ["clean", "contrast:2", "contrast:5", "gaussian_noise:2", "gaussian_noise:5"]
    with Evaluator(21, VOC, tmp_path / "ours", model="theirs", label="Theirs", images=ids) as evaluator:
        for image_id in ids:
            clean = np.asarray(Image.open(tmp_path / f"set/JPEGImages/{image_id}.jpg").convert("RGB"))
            label = np.asarray(Image.open(tmp_path / f"set/SegmentationClass/{image_id}.png"))
            for condition in conditions:
                name, _, severity = condition.partition(":")
                picture = clean
                if severity:
                    seed = seed_for(2020, image_id, name, int(severity))
                    picture = corrupt(clean, int(severity), name, seed=seed)
                planes = np.stack([(picture[..., c % 3] // (c + 1)) % 32 for c in range(21)]).astype(np.float32) / 8
                file = tmp_path / "P" / name / (severity or "0") / image_id
                file.parent.mkdir(parents=True, exist_ok=True)
                if kind == "logits":
                    np.save(f"{file}.npy", planes)
                    prediction = planes
                else:
                    prediction = planes.argmax(0).astype(np.uint8)
                    Image.fromarray(prediction).save(f"{file}.png")
                evaluator.add(image_id, condition, label, prediction, picture=picture)
        evaluator.report()
    scribe("eval", "--data", "set", "--predictions", "P", "--as", "theirs", "--label", "Theirs", "--name", "run", *settings)
    scribe("report", "runs/run")
    theirs = tmp_path / "runs" / "run"
    for table in ("series", "inputs", "confusions", "moments", "cross_moments", "calibration", "non_distinctiveness"):
        assert rows(tmp_path / "ours", table) == rows(theirs, table), table
    assert len(rows(theirs, "inputs")) == 15
    assert len(rows(theirs, "calibration")) == (15 if kind == "logits" else 0)
    for file in ("cells.csv", "classes.csv", "measures.csv", "differences.csv", "table1.csv", "table2.csv"):
        assert (tmp_path / "ours" / file).read_bytes() == (theirs / file).read_bytes(), file
    # The program reads the folder of an Evaluator too.
    shutil.copytree(tmp_path / "ours", tmp_path / "runs" / "ours")
    scribe("report", "runs/ours")
    assert (tmp_path / "runs/ours/cells.csv").read_bytes() == (theirs / "cells.csv").read_bytes()


VOC = """background aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person
pottedplant sheep sofa train tvmonitor""".split()
