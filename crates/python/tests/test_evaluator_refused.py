"""What a store could not be read with is refused before it is written; another SQLite library in the process loses nothing."""

import json
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from support import formula
from test_evaluator import everything, rows

from scribe_corruptions import Evaluator

NAMES = ["background", "cat", "dog"]
TRUTH = formula(40, 36)[..., 0] % 3


def test_another_network_is_scored_against_the_same_truth(tmp_path):
    with Evaluator(3, NAMES, tmp_path, model="one") as evaluator:
        evaluator.add("p", "real_fog:1", TRUTH, TRUTH)
    with Evaluator(3, NAMES, tmp_path, model="two") as evaluator:
        before = everything(tmp_path)
        other = np.where(TRUTH == 1, 2, TRUTH)
        counts = [np.count_nonzero(map == 1) for map in (other, TRUTH)]
        text = f"two .seed 0, single. has {counts[0]} labelled pixels of class 1, another series {counts[1]}"
        with pytest.raises(ValueError, match=text):
            evaluator.add("p", "real_fog:1", other, other)
        assert not evaluator.done("p", "real_fog:1") and everything(tmp_path) == before
        assert evaluator.add("p", "real_fog:1", TRUTH, TRUTH)


def test_a_picture_has_no_more_pixels_than_its_view(tmp_path):
    with Evaluator(3, NAMES, tmp_path, view="squash:8") as evaluator:
        # 36 x 40 pixels, of 8 x 8.
        with pytest.raises(ValueError, match="1440 pixels are counted .expected at most 64, which the image has."):
            evaluator.add("p", "real_fog:1", TRUTH, TRUTH)
        manifest = json.loads(rows(tmp_path, "manifest")[0][1])
        assert (manifest["images"], manifest["corruptions"]) == ([], []), "a refused result leaves no trace"
        assert evaluator.add("p", "real_fog:1", TRUTH[:8, :8], TRUTH[:8, :8])


def test_settings_that_no_report_could_show_make_no_store(tmp_path):
    with pytest.raises(ValueError, match=r'could not be read again.*"view": "a\\u\{202e\}b"'):
        Evaluator(3, NAMES, tmp_path, view="a\u202eb")
    assert not (tmp_path / "store.sqlite").exists()
    Evaluator(3, NAMES, tmp_path).close()


def test_too_many_conditions_end_no_run(tmp_path):
    small = TRUTH[:2, :2]
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        # Clean is one of the 2000 conditions.
        for number in range(1999):
            evaluator.add("p", f"real_v{number}:1", small, small)
        with pytest.raises(ValueError, match="it names 2001 conditions .expected 1 to 2000."):
            evaluator.add("p", "real_more:1", small, small)
    Evaluator(3, NAMES, tmp_path).close()


def seen_by_another_process(folder):
    code = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM inputs').fetchone()[0])"
    command = [sys.executable, "-c", code, folder / "store.sqlite"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_a_look_with_another_library_loses_nothing(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        for number in range(6):
            evaluator.add(f"p{number}", "clean", TRUTH, TRUTH)
            assert seen_by_another_process(tmp_path) == number + 1
            # Python's library takes itself for the last that has the file open, and removes the write-ahead log.
            look = sqlite3.connect(tmp_path / "store.sqlite")
            assert look.execute("SELECT count(*) FROM inputs").fetchone() == (number + 1,)
            look.close()
    assert len(rows(tmp_path, "inputs")) == 6


def test_what_one_network_did_not_see_as_a_picture_is_unknown(tmp_path):
    picture = formula(40, 36)
    for first, second in ((None, picture), (picture, None)):
        folder = tmp_path / ("second" if first is None else "first")
        for model, shown in (("one", first), ("two", second)):
            with Evaluator(3, NAMES, folder, model=model) as evaluator:
                assert evaluator.add("p", "clean", TRUTH, TRUTH, picture=shown)
                evaluator.report()
        with Evaluator(3, NAMES, folder, model="three") as evaluator:
            with pytest.raises(ValueError, match="the input p clean has seed 0 and SHA-256 .* but the store has seed 0 and"):
                evaluator.add("p", "clean", TRUTH, TRUTH, picture=255 - picture)
            assert evaluator.add("p", "clean", TRUTH, TRUTH, picture=picture)


def test_a_store_that_another_process_reads_says_so(tmp_path):
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        evaluator.add("p", "clean", TRUTH, TRUTH)
    code = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('BEGIN'); "
        "print(db.execute('SELECT count(*) FROM inputs').fetchone(), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, tmp_path / "store.sqlite"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        reader.stdout.readline()
        with pytest.raises(RuntimeError, match="store.sqlite: another process has it open .*try again when that has ended"):
            Evaluator(3, NAMES, tmp_path)
        reader.stdin.close()
        reader.wait(60)
    Evaluator(3, NAMES, tmp_path).close()
