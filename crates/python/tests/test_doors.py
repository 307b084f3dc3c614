"""The same answers through files, through a program that is asked and through an Evaluator: the same rows, byte for byte.

The program ``scribe`` is the one that the variable SCRIBE_BIN names, or the workspace's release build.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys

import pytest
from doors import KINDS, ROOT, Set, loop, manifest, rows, run, scribe_eval, write_files

from scribe_corruptions import Evaluator

PROGRAM = os.environ.get("SCRIBE_BIN") or shutil.which("scribe", path=ROOT / "target/release")
if PROGRAM is None:
    pytest.skip("there is no scribe: SCRIBE_BIN names none, and target/release has none", allow_module_level=True)
pytest.importorskip("PIL.Image")
ASKED = [sys.executable, os.path.join(os.path.dirname(__file__), "doors.py")]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return Set.drawn(PROGRAM, tmp_path_factory.mktemp("doors"))


@pytest.fixture(scope="module")
def by_files(drawn):
    """The run of a kind of answers through files; made once."""
    made = {}

    def of(kind):
        if kind not in made:
            name = f"files-{kind.replace(' ', '-')}"
            made[kind] = scribe_eval(PROGRAM, drawn, kind, name, "--predictions", write_files(drawn, kind))
            run(PROGRAM, drawn.folder, "report", f"runs/{name}")
        return made[kind]

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_files_and_an_evaluator_give_the_same_rows(drawn, by_files, tmp_path, kind):
    theirs, ours = by_files(kind), tmp_path / "run"
    loop(drawn, kind, ours)
    assert rows(ours) == rows(theirs)
    assert len(rows(ours)["inputs"]) == len(drawn.order()) == 27
    # Of mapped networks and of classes there are confusions alone.
    scored = kind in ("logits", "small", "some records")
    assert len(rows(ours)["calibration"]) == (27 if scored else 0)
    assert (len(rows(ours)["temperature_sweeps"]) > 0) == (kind == "some records")
    # Three pictures under six corrupted conditions, in up to three blocks; given pictures are not compared with clean ones.
    compared = {row[1:3] for row in rows(ours)["cross_moments"]}
    assert len(compared) == (6 if kind in ("logits", "small") else 0)
    # Figure 6 shows two of the three corruptions: clean and two severities of each, of two pictures.
    assert len(rows(ours)["panels"]) == (0 if kind == "some records" else 2 * 5)
    names = ["cells.csv", "classes.csv", "measures.csv", "differences.csv", "table1.csv", "table2.csv", "given.csv"]
    names += ["unmapped.csv"] if kind == "foreign" else []
    names += [] if kind == "some records" else ["fig6.svg"]
    for name in names:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name


@pytest.mark.parametrize("kind", ["classes", "small", "foreign"])
def test_a_program_that_is_asked_gives_the_same_rows(drawn, by_files, tmp_path, kind):
    command = " ".join([*ASKED, "ask", kind])
    asked = scribe_eval(PROGRAM, drawn, kind, f"asked-{kind}", "--ask", command)
    assert rows(asked) == rows(by_files(kind))


def test_both_know_a_map_by_the_same_mark(drawn, by_files, tmp_path):
    loop(drawn, "foreign", tmp_path / "run")
    [theirs], [ours] = manifest(by_files("foreign"))["models"], manifest(tmp_path / "run")["models"]
    # FORMAT.md: the hash of the clean files, and then the mark of the map.
    assert theirs["checkpoint_sha256"].split(" ")[1] == ours["checkpoint_sha256"]
    assert ours["checkpoint_sha256"].startswith("map:")


def test_the_program_reads_the_folder_of_an_evaluator(drawn, by_files):
    ours = drawn.folder / "runs/ours"
    loop(drawn, "small", ours)
    made = (ours / "report.html").read_bytes()
    run(PROGRAM, drawn.folder, "report", "runs/ours")
    assert (ours / "cells.csv").read_bytes() == (by_files("small") / "cells.csv").read_bytes()
    assert len((ours / "report.html").read_bytes()) >= len(made)


def started(drawn, kind, out, stop_after):
    given = {"folder": str(drawn.folder), "kind": kind, "out": str(out), "stop_after": stop_after}
    return subprocess.Popen([*ASKED, "loop", json.dumps(given)], stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize("kind", ["small", "foreign"])
def test_loops_that_are_killed_again_and_again_end_with_the_same_rows(drawn, by_files, tmp_path, kind):
    out = tmp_path / "run"
    # After the first result, within a picture, at a picture's last condition, and among the given pictures.
    for stop_after in (1, 3, 3, 8, 9, 1):
        process = started(drawn, kind, out, stop_after)
        assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
        assert (out / "store.sqlite-wal").exists(), "it ended without closing"
    process = started(drawn, kind, out, None)
    assert process.wait(60) == 0, process.stderr.read()
    assert rows(out) == rows(by_files(kind))
    assert (out / "cells.csv").read_bytes() == (by_files(kind) / "cells.csv").read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_loops_that_are_killed_at_any_moment_end_with_the_same_rows(drawn, by_files, tmp_path):
    out, draw = tmp_path / "run", random.Random(15)
    for _ in range(40):
        process = started(drawn, "logits", out, None)
        try:
            if process.wait(draw.uniform(0.1, 1.0)) == 0:
                break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)
        process.stderr.close()
    else:
        assert started(drawn, "logits", out, None).wait(60) == 0
    assert rows(out) == rows(by_files("logits"))


def test_another_network_joins_a_run_of_scribe_only_if_the_settings_are_the_same(drawn, by_files, tmp_path):
    """A run of `scribe eval` says more of its recipe than a loop can know: it is refused, and nothing of it changes."""
    theirs = tmp_path / "run"
    shutil.copytree(by_files("classes"), theirs)
    before = rows(theirs)
    with pytest.raises(ValueError, match="eval.view"):
        Evaluator("voc", out=theirs, model="second")
    assert rows(theirs) == before
