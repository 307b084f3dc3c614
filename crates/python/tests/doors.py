"""A drawn set, and a network that answers through each of scribe's doors: files, a program that is asked, an Evaluator.

``python doors.py ask KIND`` is the program that is asked; ``python doors.py loop SETTINGS`` is a loop around an Evaluator
that may be killed.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
CORRUPTIONS = ["gaussian_noise", "snow", "contrast"]
SEVERITIES = [1, 3]
CONDITIONS = ["clean", *(f"{name}:{severity}" for name in CORRUPTIONS for severity in SEVERITIES)]
#: Pictures that no corruption made; the second has label maps of its own.
GIVEN = {"real_night:2": ("night", None), "real_night:4": ("deep", "deep_labels")}
#: The classes of a network that knows others than VOC's.
FOREIGN = ["sky", "person", "cat", "dog", "thing"]
TO_VOC = {"person": "person", "cat": "cat", "dog": "dog", "sky": None, "*": "background"}
TO_VOC_RULES = "person -> person, cat -> cat, dog -> dog, sky -> ignore, * -> background"
TO_FEW = "person -> person, cat -> animal, dog -> animal, * -> background"

#: What an Evaluator counts of logits unless it is told otherwise.
RECORDS = ["moments", "cross_moments", "calibration", "non_distinctiveness"]

#: How scribe and an Evaluator are told the same, for each kind of answer: its number of planes, the arguments of
#: `scribe eval`, those of Evaluator. ``small`` answers are logits of a fraction of the size.
KINDS = {
    "classes": (21, [], {}),
    "logits": (21, [], {}),
    "small": (21, [], {}),
    "foreign": (5, ["--classes", "net.toml", "--map", TO_VOC_RULES], {"network_classes": FOREIGN, "map": TO_VOC}),
    "fewer": (21, ["--set", f"data.map={TO_FEW}", "--map", TO_FEW], {"data_map": TO_FEW, "map": TO_FEW}),
    "some records": (
        21,
        ["--set", 'eval.records=["calibration", "temperatures"]', "--set", "eval.calibration_bins=7", "--set", "eval.panels=0"],
        {"records": ["calibration", "temperatures"], "calibration_bins": 7, "panels": 0},
    ),
}


def network(kind, pixels):
    """Answers for pixels of n x height x width x 3, each number of which follows from one pixel alone."""
    planes = KINDS[kind][0]
    if kind == "small":
        pixels = pixels[:, 2::5, 1::7]
    values = pixels.astype(np.float32)
    logits = np.stack([(values[..., c % 3] * np.float32(c + 1)) % np.float32(37) for c in range(planes)], 1)
    logits = (logits - np.float32(11)) / np.float32(7)
    return logits.argmax(1).astype(np.uint8) if kind in ("classes", "foreign") else logits


class Set:
    """A set that `scribe data synth` drew, and a night that this drew."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ids = (self.folder / "set/ImageSets/Segmentation/val.txt").read_text().split()

    @classmethod
    def drawn(cls, program, folder):
        arguments = ["data", "synth", "set", "--train", "1", "--val", "3", "--width", "52", "--height", "44"]
        run(program, folder, *arguments)
        from PIL import Image

        made = cls(folder)
        for name, divisor in (("night", 2), ("deep", 5)):
            (made.folder / "set" / name).mkdir()
            for image_id in made.ids:
                Image.fromarray(made.picture(image_id, "clean") // divisor).save(made.folder / f"set/{name}/{image_id}.png")
        (made.folder / "set/deep_labels").mkdir()
        for image_id in made.ids:
            # What the night swallowed is unlabelled.
            labels = made.truth(image_id, "clean").copy()
            labels[:5] = 255
            Image.fromarray(labels).save(made.folder / f"set/deep_labels/{image_id}.png")
        entries = [f'{{ name = "{name}", values = [{n}] }}' for n, name in enumerate(FOREIGN)]
        (made.folder / "net.toml").write_text(f'name = "net"\nclasses = [{", ".join(entries)}]\n')
        return made

    def clean(self, image_id):
        from PIL import Image

        return np.asarray(Image.open(self.folder / f"set/JPEGImages/{image_id}.jpg").convert("RGB"))

    def picture(self, image_id, condition):
        from PIL import Image

        from scribe_corruptions import corrupt, seed_for

        if condition in GIVEN:
            return np.asarray(Image.open(self.folder / f"set/{GIVEN[condition][0]}/{image_id}.png"))
        name, _, severity = condition.partition(":")
        if name == "clean":
            return self.clean(image_id)
        seed = seed_for(2020, image_id, name, int(severity))
        return corrupt(self.clean(image_id), int(severity), name, seed=seed)

    def truth(self, image_id, condition):
        from PIL import Image

        folder = GIVEN.get(condition, (None, None))[1] or "SegmentationClass"
        return np.asarray(Image.open(self.folder / f"set/{folder}/{image_id}.png"))

    def order(self):
        """As `scribe eval` goes: picture by picture, and then those that are given."""
        made = [(image_id, condition) for image_id in self.ids for condition in CONDITIONS]
        return made + [(image_id, condition) for condition in GIVEN for image_id in self.ids]


def run(program, folder, *arguments):
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def scribe_eval(program, drawn, kind, name, *door):
    """`scribe eval` with the answers that come through a door; the folder of its run."""
    given = ", ".join(
        f'{{ name = "night", severity = {condition[-1]}, pictures = "{pictures}/{{id}}.png"'
        + (f', labels = "{labels}/{{id}}.png" }}' if labels else " }")
        for condition, (pictures, labels) in GIVEN.items()
    )
    settings = ["eval.view=native", f"eval.corruptions={json.dumps(CORRUPTIONS)}", f"eval.severities={SEVERITIES}"]
    settings += [f"eval.conditions=[{given}]", "eval.panels=2"]
    # An Evaluator counts one draw of each corruption.
    settings += [f"eval.records={json.dumps(RECORDS)}", "eval.master_seeds=[2020]"]
    settings = [word for setting in settings for word in ("--set", setting)]
    arguments = ["--data", "set", "--as", "net", "--label", "Net", "--name", name, *settings, *KINDS[kind][1], *door]
    run(program, drawn.folder, "eval", *arguments)
    return drawn.folder / "runs" / name


def write_files(drawn, kind):
    """The answers as `scribe eval --predictions` reads them; their folder."""
    from PIL import Image

    for image_id, condition in drawn.order():
        name, _, severity = condition.partition(":")
        file = drawn.folder / kind / name / (severity or "0") / image_id
        file.parent.mkdir(parents=True, exist_ok=True)
        answer = network(kind, drawn.picture(image_id, condition)[None])[0]
        if answer.ndim == 3:
            np.save(f"{file}.npy", answer)
        else:
            Image.fromarray(answer).save(f"{file}.png")
    return kind


def loop(drawn, kind, out, stop_after=None):
    """The same answers through an Evaluator, which ends with its report; killed after so many results."""
    from scribe_corruptions import Evaluator

    added = 0
    settings = {"panels": 2, "severities": SEVERITIES, "images": drawn.ids, **KINDS[kind][2]}
    with Evaluator("voc", out=out, model="net", label="Net", **settings) as evaluator:
        for image_id, condition in drawn.order():
            # What is resumed with: clean logits are compared with those of the corrupted pictures.
            if condition != "clean" and evaluator.done(image_id, condition):
                continue
            picture = drawn.picture(image_id, condition)
            answer = network(kind, picture[None])[0]
            added += evaluator.add(image_id, condition, drawn.truth(image_id, condition), answer, picture=picture)
            if added == stop_after:
                os.kill(os.getpid(), signal.SIGKILL)
        evaluator.report()


#: What a store says of the run, and of its pictures and label maps.
SOURCES = ("manifest", "pictures", "moved_labels")


def rows(folder):
    """Every row of every table of a store but what it says of the run, and the hashes of what it was made from: `scribe eval`
    keeps those of files, an Evaluator those of label maps."""
    with sqlite3.connect(folder / "store.sqlite") as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: store.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    # An earlier store may lack a table that has no row in this one.
    return defaultdict(list, {name: all for name, all in found.items() if all and name not in SOURCES})


def manifest(folder):
    with sqlite3.connect(folder / "store.sqlite") as store:
        [(text,)] = store.execute("SELECT json FROM manifest")
    return json.loads(text)


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        sys.path.insert(0, str(ROOT / "examples/ask"))
        import scribe_ask

        kind = sys.argv[2]
        scribe_ask.serve(lambda pixels: network(kind, pixels), classes=KINDS[kind][0])
    else:
        given = json.loads(sys.argv[2])
        loop(Set(given["folder"]), given["kind"], given["out"], given["stop_after"])
