"""What an ``Evaluator`` can be told: sets, ignored values, maps, given pictures, what is counted; tensors and batches."""

import hashlib
import json
import sqlite3

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator

NAMES = ["background", "cat", "dog"]


def rows(folder, table):
    """The rows of a table, without their checksums."""
    with sqlite3.connect(folder / "store.sqlite") as store:
        columns = [name for _, name, *_ in store.execute(f"PRAGMA table_info({table})") if name != "checksum"]
        return store.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()


def manifest(folder):
    return json.loads(rows(folder, "manifest")[0][1])


def cells(folder):
    """FORMAT.md: per cell truth, prediction, pixels as 32 bits, little-endian."""
    [(_, _, blob)] = rows(folder, "confusions")
    return {(blob[i], blob[i + 1]): int.from_bytes(blob[i + 2 : i + 6], "little") for i in range(0, len(blob), 6)}


def counted(folder, truth, prediction, *arguments, **settings):
    with Evaluator(*arguments, out=folder, **settings) as evaluator:
        evaluator.add("p", "clean", truth, prediction)
    return cells(folder)


def test_ignored_values_count_for_nothing(tmp_path):
    # PyTorch's cross entropy ignores -100 without another word; some sets ignore several.
    truth, prediction = [[0, 1, -100], [2, 77, 1]], [[0, 1, 1], [2, 2, 0]]
    found = counted(tmp_path / "a", truth, prediction, 3, NAMES, ignore_index=[-100, 77])
    assert found == {(0, 0): 1, (1, 1): 1, (2, 2): 1, (1, 0): 1}
    with Evaluator(3, NAMES, tmp_path / "b", ignore_index=-1) as evaluator:
        for value in (255, 3, -2):
            with pytest.raises(ValueError, match=f"truth: {value} at x=1, y=0"):
                evaluator.add("p", "clean", [[0, value]], [[0, 0]])
        assert evaluator.add("p", "clean", [[0, -1]], [[0, 0]])


def test_a_set_says_what_its_label_maps_mean(tmp_path):
    # crates/dataset/classes/cityscapes.toml: labelIds 7 and 24 are road (0) and person (11), 4 and -1 are not scored.
    found = counted(tmp_path / "a", [[7, 24, 4, -1]], [[0, 0, 3, 3]], "cityscapes", ignore_index=-1)
    assert found == {(0, 0): 1, (11, 0): 1}
    assert manifest(tmp_path / "a")["class_names"][11] == "person"
    assert not manifest(tmp_path / "a")["has_background"]
    # The same set in maps of trainIds.
    found = counted(tmp_path / "b", [[0, 11, 255, 255]], [[0, 0, 3, 3]], "cityscapes", labels="indices")
    assert found == {(0, 0): 1, (11, 0): 1}


def test_a_classes_file_and_a_background(tmp_path):
    file = tmp_path / "yard.toml"
    file.write_text(
        'name = "yard"\nignore = [9]\nunlisted = "ignore"\nclasses = [\n'
        '  { name = "person", values = [1] },\n  { name = "house", values = [40000], colour = "#0000ff" },\n]\n'
    )
    # A background comes first: 0 is what was ignored, the person is 1 and the house 2.
    truth, prediction = np.array([[9, 1, 40000, 5]]), [[0, 1, 1, 2]]
    with Evaluator(file, out=tmp_path / "run", background="unlabelled") as evaluator:
        assert evaluator.names == ["unlabelled", "person", "house"] and evaluator.classes == 3
        evaluator.add("p", "clean", truth, prediction)
    assert cells(tmp_path / "run") == {(0, 0): 1, (1, 1): 1, (2, 1): 1}
    assert manifest(tmp_path / "run")["class_colours"][2] == [0, 0, 255]


def test_a_map_brings_a_networks_classes_to_those_of_the_truth(tmp_path):
    network = ["sky", "cat", "puppy", "hound", "tree"]
    rules = {"cat": "cat", "puppy": "dog", "hound": "dog", "sky": None, "*": "background"}
    settings = {"network_classes": network, "map": rules}
    truth, prediction = [[0, 1, 2, 2, 0, 255]], [[4, 1, 2, 3, 0, 0]]
    found = counted(tmp_path / "a", truth, prediction, 3, NAMES, **settings)
    # Predicted sky is scored nowhere: FORMAT.md, prediction 255.
    assert found == {(0, 0): 1, (1, 1): 1, (2, 2): 2, (0, 255): 1}
    planes = np.eye(5, dtype=np.float32)[:, prediction[0]][:, None] * 3
    assert counted(tmp_path / "b", truth, planes, 3, NAMES, **settings) == found
    assert rows(tmp_path / "b", "calibration") == [], "scores of other classes are none of these"
    text = "cat -> cat, puppy -> dog, hound -> dog, sky -> ignore, * -> background"
    (tmp_path / "net.map").write_text(text.replace(", ", "\n"))
    for folder, same in (("a", text), ("b", tmp_path / "net.map")):
        Evaluator(3, NAMES, tmp_path / folder, network_classes=network, map=same).close()
    with pytest.raises(ValueError, match="checkpoint_sha256"):
        Evaluator(3, NAMES, tmp_path / "a", network_classes=network, map={**rules, "sky": "background"})
    # Without rules, classes become those of the same name.
    found = counted(tmp_path / "c", [[0, 1, 2]], [[1, 0, 2]], 3, NAMES, network_classes=["cat", "background", "dog"])
    assert found == {(0, 0): 1, (1, 1): 1, (2, 2): 1}


def test_a_map_brings_the_classes_of_a_set_to_fewer(tmp_path):
    rules = "person -> person, * -> rest"
    # VOC's 15 is person. What the background becomes comes first.
    with Evaluator("voc", out=tmp_path, data_map=rules, map=rules) as evaluator:
        assert (evaluator.names, evaluator.predicted_classes) == (["rest", "person"], 21)
        evaluator.add("p", "clean", [[0, 15, 8, 255]], [[8, 15, 15, 0]])
    assert cells(tmp_path) == {(0, 0): 1, (1, 1): 1, (0, 1): 1}


def test_wrong_words_about_classes_are_refused(tmp_path):
    cases = [
        (("vok",), {}, "no preset of classes is called `vok`"),
        (("none.toml",), {}, "none.toml"),
        (("voc", NAMES), {}, "names and colours of its own"),
        ((3, ["a", "a", "b"]), {}, "two classes are called `a`"),
        ((3, ["a", "", "b"]), {}, "cannot be used"),
        ((3, NAMES), {"ignore_index": 1}, "value 1 means both `cat` and ignored"),
        ((3, NAMES), {"ignore_index": 1 << 16}, "at most 65535"),
        ((3, NAMES), {"labels": "values"}, "labels='values'"),
        ((3, NAMES), {"background": "cat"}, "the first"),
        (("voc",), {"background": "cow!"}, "`cow!` is none of the classes"),
        (("voc",), {"data_map": "person -> person"}, "no rule for background"),
        (("voc",), {"data_map": "* -> all"}, "1 classes"),
        (("voc",), {"map": {"person": "persons", "*": "background"}}, "leads nowhere"),
        (("voc",), {"map": {"*": None}}, "every class leads to ignore"),
        (("voc",), {"map": "nothing"}, "no `->` in it"),
        (("voc",), {"map": {'a"b': "person"}}, "quotation mark"),
        (("voc",), {"network_classes": ["a", "person"]}, "no rule for a"),
        ((3, NAMES), {"records": ["moment"]}, "records"),
        ((3, NAMES), {"calibration_bins": 0}, "calibration_bins"),
        ((3, NAMES), {"moment_blocks": 0}, "moment_blocks"),
        ((3, NAMES), {"severities": [6]}, "severities"),
        ((3, NAMES), {"panels": -1}, "panels"),
        ((3, NAMES), {"master_seed": -1}, "master_seed"),
        ((3, NAMES), {"label": "two\nlines"}, "label"),
        ((3, NAMES), {"images": ["a", "a"]}, "twice"),
        ((3, NAMES), {"images": "ab"}, "images='ab': one id"),
        ((3, NAMES), {"colours": [(0, 0, 0), (0, 0, 256), (1, 1, 1)]}, r"colours: \(0, 0, 256\) .expected red, green and blue"),
        ((3, NAMES), {"colours": [(0, 0), (0, 0, 1), (1, 1, 1)]}, r"colours: \(0, 0\)"),
        ((3, NAMES), {"colours": ["red", "green", "blue"]}, "colours: 'red'"),
        ((3, NAMES), {"colours": [1, 2, 3]}, "colours: 1"),
        ((3, NAMES), {"images": ["../a"]}, "dot"),
    ]
    for arguments, settings, text in cases:
        with pytest.raises(ValueError, match=text):
            Evaluator(*arguments, out=tmp_path / "run", **settings)
    assert not (tmp_path / "run").exists(), "nothing was made"
    for arguments in ((2.5, NAMES), (3, NAMES, None)):
        with pytest.raises(TypeError):
            Evaluator(*arguments)


def test_given_pictures_stand_beside_the_made_ones(tmp_path):
    truth = formula(40, 36)[..., 0] % 3
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        for image_id in ("a", "b"):
            for condition in ("clean", "real_fog:2", "fog:1", "real_fog:1", ("real_night", 5)):
                shift = 0 if condition == "clean" else 1
                assert evaluator.add(image_id, condition, truth, np.roll(truth, shift, axis=1))
        evaluator.report()
        for name in ("real_", "real_A", "real_" + "a" * 41, "real_a/b"):
            with pytest.raises(ValueError, match="real_"):
                evaluator.add("a", (name, 1), truth, truth)
            with pytest.raises(ValueError, match="real_"):
                evaluator.done("a", (name, 1))
    found = manifest(tmp_path)
    named = [(one["name"], one["group"], one.get("severities", [])) for one in found["corruptions"]]
    assert named == [("fog", "weather", []), ("real_fog", "Given", [1, 2]), ("real_night", "Given", [5])]
    assert found["severities"] == [1], "those of the made ones"
    seeds = {(corruption, seed > 0) for _, _, corruption, _, seed, _ in rows(tmp_path, "inputs")}
    assert seeds == {("clean", False), ("fog", True), ("real_fog", False), ("real_night", False)}
    assert "real_fog" in (tmp_path / "cells.csv").read_text() and (tmp_path / "given.csv").exists()


def planes_of(number):
    return formula(40, 36).transpose(2, 0, 1).astype(np.float32)[:, :: number + 1, ::2] / 64


def test_a_loop_over_conditions_leaves_out_what_needs_the_clean_logits(tmp_path):
    truth = formula(40, 36)[..., 0] % 3
    by_condition = [(image_id, condition) for condition in ("clean", "fog:3") for image_id in ("a", "b")]
    with Evaluator(3, NAMES, tmp_path / "a") as evaluator, pytest.raises(ValueError, match="leaves \"cross_moments\" out"):
        for image_id, condition in by_condition:
            evaluator.add(image_id, condition, truth, planes_of(1))
    records = ["moments", "calibration", "non_distinctiveness"]
    with Evaluator(3, NAMES, tmp_path / "b", records=records, calibration_bins=10) as evaluator:
        for image_id, condition in by_condition:
            assert evaluator.add(image_id, condition, truth, planes_of(1))
    assert len(rows(tmp_path / "b", "calibration")) == 4 and rows(tmp_path / "b", "cross_moments") == []
    with pytest.raises(ValueError, match="eval.calibration_bins: 10 -> 15"):
        Evaluator(3, NAMES, tmp_path / "b", records=records)


def test_of_many_classes_one_severity_is_compared(tmp_path):
    truth = np.zeros((36, 40), np.uint8)
    planes = np.stack([planes_of(0)[0] + number for number in range(33)])
    for name, severities, middle in (("all", (1, 2, 3, 4, 5), 3), ("two", (2, 5), 2)):
        with Evaluator(33, [str(n) for n in range(33)], tmp_path / name, severities=severities) as evaluator:
            for condition in ("clean", *(f"fog:{severity}" for severity in severities)):
                evaluator.add("a", condition, truth, planes)
        assert [row[2] for row in rows(tmp_path / name, "cross_moments")] == [middle]


def test_pictures_are_kept_for_the_report(tmp_path):
    truth = formula(40, 36)[..., 0] % 3
    with Evaluator(3, NAMES, tmp_path, panels=2) as evaluator:
        for image_id in ("a", "b", "c"):
            for condition in ("clean", "snow:1", "snow:4", "fog:1"):
                picture = None if image_id == "b" else formula(40, 36)[::-1]
                evaluator.add(image_id, condition, truth, truth, picture=picture)
        evaluator.report()
    inputs = {number: (image, corruption, severity) for number, image, corruption, severity, *_ in rows(tmp_path, "inputs")}
    kept = {inputs[number] for number, *_ in rows(tmp_path, "panels")}
    assert kept == {("a", "clean", 0), ("a", "snow", 1)}, "of the first two; b's picture was not given"
    assert (tmp_path / "fig6.svg").exists()
    hashes = {row[5] for row in rows(tmp_path, "inputs") if row[1] != "b"}
    assert hashes == {hashlib.sha256(formula(40, 36)[::-1].tobytes()).hexdigest()}
    with Evaluator(3, NAMES, tmp_path, model="other", panels=2) as evaluator:
        with pytest.raises(ValueError, match="clean"):
            evaluator.add("a", "clean", truth, truth, picture=formula(40, 36))
        assert evaluator.add("a", "clean", truth, truth, picture=formula(40, 36)[::-1])
    assert len(rows(tmp_path, "panel_predictions")) == 3


def test_tensors_and_batches(tmp_path):
    torch = pytest.importorskip("torch")
    truth = np.stack([formula(40, 36)[..., c] % 3 for c in range(2)])
    planes = np.stack([planes_of(1), planes_of(1) + 1])
    pictures = np.stack([formula(40, 36), formula(40, 36)[::-1]])
    ids = ["a", "b"]
    arrays = (truth, planes, pictures)
    lists = tuple(list(array) for array in arrays)
    tensors = (
        torch.from_numpy(truth).long(),
        torch.from_numpy(planes).requires_grad_(),
        torch.from_numpy(pictures).permute(0, 3, 1, 2),
    )
    records = ["moments", "calibration", "non_distinctiveness"]
    for name, (truths, predictions, shown) in (("a", arrays), ("l", lists), ("t", tensors)):
        with Evaluator(3, NAMES, tmp_path / name, records=records) as evaluator:
            assert evaluator.add_batch(ids, "clean", truths, predictions, pictures=shown) == [True, True]
            assert evaluator.add_batch(ids, ["fog:1", "fog:2"], truths, predictions) == [True, True]
            assert evaluator.add_batch(ids, "clean", truths, predictions) == [False, False]
    for table in ("inputs", "confusions", "calibration", "moments", "panels"):
        assert rows(tmp_path / "a", table) == rows(tmp_path / "l", table) == rows(tmp_path / "t", table), table
    half = tensors[1].to(torch.bfloat16)
    with Evaluator(3, NAMES, tmp_path / "half", records=records) as evaluator:
        assert evaluator.add_batch(ids, "clean", tensors[0], half) == [True, True]


def test_small_logits_are_enlarged_as_torch_does_it(tmp_path):
    torch = pytest.importorskip("torch")
    draw = np.random.default_rng(3)
    for number, (size, of) in enumerate([((36, 40), (5, 7)), ((36, 40), (36, 1)), ((17, 23), (3, 23)), ((7, 9), (6, 8))]):
        truth = draw.integers(0, 3, size).astype(np.uint8)
        small = draw.normal(0, 3, (3, *of)).astype(np.float32)
        interpolate = torch.nn.functional.interpolate
        large = interpolate(torch.from_numpy(small)[None], size=size, mode="bilinear", align_corners=False)[0]
        for name, answer in (("small", small), ("large", large)):
            with Evaluator(3, NAMES, tmp_path / f"{name}{number}") as evaluator:
                evaluator.add("a", "clean", truth, answer)
        folders = [tmp_path / f"{name}{number}" for name in ("small", "large")]
        assert cells(folders[0]) == cells(folders[1])
        # The sum of squared errors over all pixels; torch adds four products, and this two times two, so that digits differ.
        [ours], [theirs] = [[row[4] for row in rows(folder, "calibration")] for folder in folders]
        assert ours == pytest.approx(theirs, rel=1e-6)


def test_batches_of_other_lengths_are_refused(tmp_path):
    map = np.zeros((36, 40), np.uint8)
    with Evaluator(3, NAMES, tmp_path) as evaluator:
        for text, arguments in [
            ("1 truths for 2", (["a", "b"], "clean", [map], [map, map])),
            ("1 predictions for 2", (["a", "b"], "clean", [map, map], [map])),
            ("1 conditions for 2", (["a", "b"], ["clean"], [map, map], [map, map])),
            ("one id", ("ab", "clean", [map, map], [map, map])),
        ]:
            with pytest.raises(ValueError, match=text):
                evaluator.add_batch(*arguments)
        with pytest.raises(ValueError, match="1 pictures for 2"):
            evaluator.add_batch(["a", "b"], "clean", [map, map], [map, map], pictures=[formula(40, 36)])
    assert rows(tmp_path, "inputs") == []
