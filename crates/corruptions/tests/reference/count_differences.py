#!/usr/bin/env python3
"""Counts the samples in which `imagecorruptions`, as it is installed, differs from `scribe corrupt-set`.

    count_differences.py --scribe target/release/scribe [--drawn 8] [--corruptions fog,snow]

It prints a Markdown table with both environments: once with the vector code of numpy and OpenCV off (the environment of
make_truth.py, in which the committed hashes were made), and once as a user runs the packages.
Run it with the Python of make_truth.py's header, in which `imagecorruptions` is installed; both sides take the frost
photographs out of that package. `cargo xtask truth --python PYTHON` runs it and puts the table into
docs/corruptions-truth.md.

The pictures are our own: those that `scribe data synth` draws, at 500x375, and the formula of make_truth.py at five sizes,
packed as JPEG. Each is given to Python with the seed that the set's manifest names, and its hash is compared first, so
that a difference is one of the corruption and not of the JPEG decoder.
"""
import argparse
import contextlib
import csv
import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

# What the header of make_truth.py sets. numpy and OpenCV read these when they are imported, so each environment is a
# process of its own.
PLAIN = {
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL",
    "OPENCV_CPU_DISABLE": "AVX512-SKX,AVX2,FMA3,AVX",
}
SIZES = ["500x375", "375x500", "224x224", "101x203", "64x64"]
ENVIRONMENTS = ["plain", "usual"]


def draw(scribe, root, drawn):
    """A set in VOC's layout: drawn pictures, then the formula's."""
    subprocess.run(
        [scribe, "data", "synth", root, "--train", "1", "--val", str(drawn), "--width", "500", "--height", "375"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    from make_truth import formula
    from PIL import Image

    with open(root / "ImageSets/Segmentation/val.txt", "a") as ids:
        for size in SIZES:
            width, height = map(int, size.split("x"))
            Image.fromarray(formula(width, height)).save(root / f"JPEGImages/formula_{size}.jpg", quality=95)
            Image.new("L", (width, height)).save(root / f"SegmentationClass/formula_{size}.png")
            ids.write(f"formula_{size}\n")


def digest(picture):
    return hashlib.sha256(picture.tobytes()).hexdigest()


def measure(voc, made):
    """The differences of every picture in the folder `made` from what the package makes of it, here and now."""
    import numpy as np
    from imagecorruptions import corrupt
    from PIL import Image

    found = []
    with open(made / "manifest.csv") as file:
        for row in csv.DictReader(file):
            name, severity, image = row["corruption"], int(row["severity"]), row["image"]
            clean = np.asarray(Image.open(voc / f"JPEGImages/{image}.jpg").convert("RGB"))
            if digest(clean) != row["source_sha256"]:
                sys.exit(f"{image}: Pillow and scribe decode different pixels")
            np.random.seed(int(row["seed"]))
            with contextlib.redirect_stdout(io.StringIO()):
                theirs = corrupt(clean.copy(), severity=severity, corruption_name=name).astype(np.int16)
            ours = np.asarray(Image.open(made / name / str(severity) / f"{image}.png")).astype(np.int16)
            levels = np.abs(theirs - ours)
            samples = int((levels > 0).sum())
            found.append([name, severity, samples, levels.size, int(levels.max())])
    json.dump({"found": found, "about": about()}, sys.stdout)


def about():
    import cv2
    import numpy as np

    packages = ["imagecorruptions", "numpy", "scipy", "scikit-image", "opencv-python-headless", "pillow"]
    return {
        "packages": ", ".join(f"{name} {metadata.version(name)}" for name in packages),
        "python": platform.python_version(),
        "opencv": cv2.getCPUFeaturesLine(),
        "ipp": bool(cv2.ipp.useIPP()),
    }


def run(environment, voc, made):
    """One environment's differences, from a process of its own."""
    command = [sys.executable, __file__, "--measure", environment, "--voc", voc, "--made", made]
    variables = {**os.environ, **PLAIN} if environment == "plain" else {k: v for k, v in os.environ.items() if k not in PLAIN}
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=variables).stdout)


def cell(rows):
    """Pictures that differ of all, the largest number of samples in one picture (and its share), the largest level."""
    worst = max(rows, key=lambda row: (row[2], row[2] / row[3]))
    differ = sum(row[2] > 0 for row in rows)
    if differ == 0:
        return f"0 / {len(rows)} | - | -"
    return f"{differ} / {len(rows)} | {worst[2]} ({100 * worst[2] / worst[3]:.2g} %) | {max(row[4] for row in rows)}"


def row(name, severity, rows):
    """One row of the table: both environments' cells."""
    print(f"| {name} | {severity} | {cell(rows[0])} | {cell(rows[1])} |")


def table(results):
    """One row for each corruption that is equal everywhere, and one for each severity of the others."""
    print("| corruption | severity | vector code off: differ | most samples | levels | as installed: differ | most samples | levels |")
    print("| :-- | :-- | --: | --: | --: | --: | --: | --: |")
    found = [results[environment]["found"] for environment in ENVIRONMENTS]
    for name in dict.fromkeys(each[0] for each in found[0]):
        of_name = [[each for each in rows if each[0] == name] for rows in found]
        if not any(each[2] for rows in of_name for each in rows):
            row(name, "1-5", of_name)
            continue
        for severity in range(1, 6):
            row(name, severity, [[each for each in rows if each[1] == severity] for rows in of_name])
    row("**all**", "1-5", found)


def processor():
    """Its name and what identifies it where the name says little."""
    lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines() if Path("/proc/cpuinfo").exists() else []
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    if not facts:
        return platform.processor()
    vector = [flag for flag in ("avx2", "avx512f") if flag in facts.get("flags", "").split()]
    return f"{facts['model name']} (family {facts['cpu family']}, model {facts['model']}; {', '.join(vector)})"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--scribe", type=Path)
    arguments.add_argument("--drawn", type=int, default=8)
    arguments.add_argument("--corruptions", default="")
    arguments.add_argument("--measure", choices=ENVIRONMENTS, help=argparse.SUPPRESS)
    arguments.add_argument("--voc", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--made", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.measure:
        if given.measure == "plain":
            import make_truth  # It turns OpenCV's threads and Intel's code inside OpenCV off.
        return measure(given.voc, given.made)
    import imagecorruptions

    chosen = given.corruptions or ",".join(imagecorruptions.get_corruption_names("all"))
    with tempfile.TemporaryDirectory() as folder:
        voc, made = Path(folder, "voc"), Path(folder, "made")
        draw(given.scribe.resolve(), voc, given.drawn)
        command = [given.scribe.resolve(), "corrupt-set", "--data", voc, "--out", made, "--corruptions", chosen]
        frost = Path(imagecorruptions.__file__).with_name("frost")
        subprocess.run([*command, "--frost", frost], check=True, stdout=subprocess.DEVNULL)
        results = {environment: run(environment, voc, made) for environment in ENVIRONMENTS}
    table(results)
    usual = results["usual"]["about"]
    print(f"\nProcessor: {processor()}.")
    print(f"Packages: {usual['packages']}, Python {usual['python']}.")
    print(f"{given.drawn} drawn pictures and {len(SIZES)} of a formula, each at five severities.")


if __name__ == "__main__":
    main()
