"""What is refused or warned of, in the package's own words."""

import os
import warnings

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator, FrostWarning, _frost, apply_all, corrupt, corrupt_batch, seed_for
from test_evaluator import rows

CLEAN = formula(48, 40)
TRUTH = np.zeros((6, 8), np.uint8)


def evaluator(folder, **settings):
    return Evaluator(2, ["background", "cat"], folder, **settings)


@pytest.mark.parametrize(
    "size, seed, drawn_next", [((48, 64), 1, [629559425, 799981516]), ((700, 1000), 3, [386328195, 175684536])]
)
def test_generated_frost_moves_numpy_s_generator_as_the_photographs_do(monkeypatch, size, seed, drawn_next):
    """np.random.seed(seed); imagecorruptions.corrupt(np.full((*size, 3), 100, np.uint8), 3, "frost"), of 1.1.2;
    np.random.randint(1 << 30, size=2)"""
    monkeypatch.setattr(_frost, "_known_folders", lambda: [])
    np.random.seed(seed)
    with pytest.warns(FrostWarning):
        corrupt(np.full((*size, 3), 100, np.uint8), 3, "frost")
    assert np.random.randint(1 << 30, size=2).tolist() == drawn_next


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_leaves_the_store_to_its_parent(tmp_path):
    ours = evaluator(tmp_path / "run")
    ours.add("p", "clean", TRUTH, TRUTH)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = []
            for call in (lambda: ours.add("q", "clean", TRUTH, TRUTH), lambda: ours.done("p", "clean"), ours.report):
                try:
                    call()
                    said.append("taken")
                except RuntimeError as error:
                    said.append(str(error))
            ours.close()
            del ours
            os.write(writer, "\n".join(said).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read().splitlines()
    assert len(said) == 3 and all(f"belongs to process {os.getpid()}, and this is process {child}" in line for line in said)
    # The folder is still locked, and by this process.
    with pytest.raises(RuntimeError, match=f"in use by process {os.getpid()} since.*, or by a process that it has forked .*choose another out"):
        evaluator(tmp_path / "run", model="other")
    assert not ours.done("q", "clean")
    assert ours.add("q", "clean", TRUTH, TRUTH)
    ours.close()
    assert [row[1] for row in rows(tmp_path / "run", "inputs")] == ["p", "q"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_closed_evaluator_leaves_the_folder_though_a_forked_process_lives(tmp_path):
    ours = evaluator(tmp_path / "run")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # Until the parent closes its end.
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    ours.close()
    try:
        evaluator(tmp_path / "run", model="other").close()
    finally:
        os.close(writer)
        os.close(reader)
        os.waitpid(child, 0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_frost_is_read_from_files_alone(tmp_path):
    os.mkfifo(tmp_path / "frost1.png")
    with pytest.raises(ValueError, match="frost1.png: it is a named pipe .expected a file, or a link to one"):
        corrupt(CLEAN, 1, "frost", frost_dir=tmp_path)
    (tmp_path / "frost1.png").unlink()
    (tmp_path / "frost1.png").symlink_to("/dev/zero")
    with pytest.raises(ValueError, match="frost1.png: it is a device or a socket"):
        corrupt(CLEAN, 1, "frost", frost_dir=tmp_path)


def test_a_picture_of_another_size_than_the_truth_is_refused(tmp_path):
    with evaluator(tmp_path / "run") as ours:
        for size in ((5, 5), (8, 6), (6, 9)):
            with pytest.raises(ValueError, match=r"expected \[6, 8, 3\], the size of the truth"):
                ours.add("p", "clean", TRUTH, TRUTH, picture=np.zeros((*size, 3), np.uint8))
        assert not ours.done("p", "clean")
        assert ours.add("p", "clean", TRUTH, TRUTH, picture=np.zeros((6, 8, 3), np.uint8))


def test_what_is_no_folder_or_no_number_of_classes(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="file.*: a file .expected a folder"):
        evaluator(tmp_path / "file")
    for wrong in (None, 2.5, [1]):
        with pytest.raises(TypeError, match="classes=.*expected how many, 2 to 254.*preset"):
            Evaluator(wrong, ["a", "b"], tmp_path / "run")
    for names, wrong in (([1, 2, 3], 1), (["a", b"b", "c"], b"b")):
        with pytest.raises(TypeError, match=f"names: {wrong!r} .expected names of classes, which are text"):
            Evaluator(3, names, tmp_path / "run")
    with pytest.raises(TypeError, match="network_classes: 2 .expected names of classes, which are text"):
        Evaluator(2, ["a", "b"], tmp_path / "run", network_classes=["a", 2], map={"a": "a", "*": "b"})
    assert not (tmp_path / "run").exists()


def test_seeds_and_names():
    with pytest.raises(KeyError, match="fgo.*did you mean fog"):
        seed_for(2020, "a", "fgo", 3)
    with pytest.raises(AttributeError, match="not 9"):
        seed_for(2020, "a", "fog", 9)
    for wrong in (-1, 2**64, 1.5, "a", None):
        with pytest.raises(ValueError, match=r"master_seed=.*expected a whole number from 0 to 2\*\*64 - 1"):
            seed_for(wrong, "a", "fog", 3)
        with pytest.raises(ValueError, match="master_seed="):
            corrupt_batch([CLEAN], "fog:3", master_seed=wrong)
    for wrong in (-1, 2**32, 1.5, "a", None, float("nan"), float("inf"), [1, 2]):
        with pytest.raises(ValueError, match="Seed must be an integer between 0 and"):
            corrupt_batch([CLEAN], "fog:3", seeds=[wrong])
    # 2.0 is refused by the original with a TypeError, too.
    for wrong in (1.0, 5.0):
        with pytest.raises(TypeError, match=f"Severity must be an integer in .1, 5., not {wrong} of type float"):
            corrupt(CLEAN, wrong, "fog")


def test_apply_all_takes_some_conditions():
    made = apply_all(CLEAN, corruptions=["noise", "fog"], severities=3, image_id="a")
    assert list(made) == ["gaussian_noise:3", "shot_noise:3", "impulse_noise:3", "fog:3"]
    assert np.array_equal(made["fog:3"], corrupt(CLEAN, 3, "fog", seed=seed_for(2020, "a", "fog", 3)))


def test_a_report_that_lacks_something_says_so(tmp_path):
    with evaluator(tmp_path / "run") as ours:
        with pytest.warns(UserWarning, match="this network has no result, so"):
            ours.report()
        ours.add("p", "fog:3", TRUTH, TRUTH)
        with pytest.warns(UserWarning, match="no result of a clean picture"):
            ours.report()
        ours.add("p", "clean", TRUTH, TRUTH)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ours.report()
