#!/usr/bin/env python3
"""The fifteen corruptions in several Python packages, asked in turn in one run: the table of README.md.

    cargo xtask bench python
    speed.py --ours PY [--original PY] [--fork PY] [--albumentations PY] [--rounds 5]

The first command installs the packages, runs the second and puts the table into the README. Each PY is a Python in which
the package is installed: scribe-corruptions; imagecorruptions 1.1.2; its numba fork imagecorruptions-imaug;
AlbumentationsX. Processor time of one thread, one picture of 500x375, severity 3; the median of the rounds.
"""
import argparse
import contextlib
import io
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

NAMES = """gaussian_noise shot_noise impulse_noise defocus_blur glass_blur motion_blur zoom_blur snow frost fog brightness
contrast elastic_transform pixelate jpeg_compression""".split()
#: AlbumentationsX's transforms of a similar name, with their defaults: other algorithms, so that only their speed compares.
ALIKE = {
    "gaussian_noise": "GaussNoise",
    "shot_noise": "ShotNoise",
    "impulse_noise": "SaltAndPepper",
    "defocus_blur": "Defocus",
    "glass_blur": "GlassBlur",
    "motion_blur": "MotionBlur",
    "zoom_blur": "ZoomBlur",
    "snow": "RandomSnow",
    "fog": "RandomFog",
    "brightness": "RandomBrightnessContrast",
    "elastic_transform": "ElasticTransform",
    "pixelate": "Downscale",
    "jpeg_compression": "ImageCompression",
}
#: What each title is called on PyPI.
PACKAGES = {
    "scribe-corruptions": ["scribe-corruptions", "numpy"],
    "imagecorruptions": ["imagecorruptions", "numpy", "scipy", "scikit-image", "opencv-python-headless", "pillow"],
    "its numba fork": ["imagecorruptions-imaug", "numpy", "scipy", "scikit-image", "numba", "opencv-python-headless"],
    "AlbumentationsX": ["albumentationsx", "numpy", "opencv-python-headless"],
}
ONE_THREAD = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"]


def picture():
    """500x375: waves and blocks in whole numbers."""
    import numpy as np

    y, x = np.mgrid[:375, :500].astype(np.int64)
    planes = [(x * x * (c + 2) // 97 + y * y * (3 - c) // 61 + x // 32 * 37 + y // 24 * 91) % 256 for c in range(3)]
    return np.ascontiguousarray(np.stack(planes, -1), np.uint8)


def functions(title):
    """What is called for each name."""
    with contextlib.suppress(ImportError):
        import cv2

        cv2.setNumThreads(0)
    if title == "AlbumentationsX":
        import albumentations

        made = {name: getattr(albumentations, other, None) for name, other in ALIKE.items()}
        made = {name: kind(p=1.0) for name, kind in made.items() if kind}
        return {name: lambda image, transform=transform: transform(image=image) for name, transform in made.items()}
    if title == "scribe-corruptions":
        from scribe_corruptions import corrupt
    else:
        from imagecorruptions import corrupt
    return {name: lambda image, name=name: corrupt(image, severity=3, corruption_name=name) for name in NAMES}


def serve(title):
    """Answers names by the processor's milliseconds of one call, and `-` where the package has none.

    Processor time, because a busy machine changes it less than the time on the clock; of one thread on a quiet machine
    both are the same.
    """
    calls, image, answers = functions(title), picture(), os.fdopen(os.dup(1), "w", buffering=1)
    versions = []
    for package in PACKAGES[title]:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions.append(f"{package} {metadata.version(package)}")
    print(", ".join([*versions, f"Python {platform.python_version()}"]), file=answers)
    for line in sys.stdin:
        call = calls.get(line.strip())
        if call is None:
            print("-", file=answers)
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            begun = time.process_time()
            call(image)
            ended = time.process_time()
        print(1e3 * (ended - begun), file=answers)


class Package:
    """One package in its own process."""

    def __init__(self, title, python):
        self.title = title
        variables = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        command = [python, "-W", "ignore", __file__, "--serve", title]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1, env=variables)
        self.about = self.process.stdout.readline().strip()
        self.times = {name: [] for name in NAMES}
        if not self.about:
            sys.exit(f"{title}: {python} does not start it")

    def ask(self, name):
        self.process.stdin.write(name + "\n")
        answer = self.process.stdout.readline().strip()
        return None if answer == "-" else float(answer)


def processor():
    """Its name, and how busy the machine was."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the run"


def text_of(packages, about, rounds):
    """The table with its notes."""
    ours = packages[0]
    lines = ["| corruption | " + " | ".join(f"{p.title} ms" for p in packages) + " |", "| :-- |" + " --: |" * len(packages)]
    sums = [0.0] * len(packages)
    for name in NAMES:
        cells = [name]
        for n, package in enumerate(packages):
            times = package.times[name]
            middle = statistics.median(times) if times else None
            if middle is None:
                cells.append("-")
                continue
            sums[n] += middle
            beside = "" if package is ours else f" ({middle / statistics.median(ours.times[name]):.1f}x)"
            cells.append(f"{middle:.3g}{beside}" if middle < 1000 else f"{middle:.0f}{beside}")
        lines.append("| " + " | ".join(cells) + " |")
    totals = [f"{total:.0f}" + ("" if package is ours else f" ({total / sums[0]:.1f}x)") if all(package.times.values()) else "-"
              for total, package in zip(sums, packages)]
    lines.append("| **sum of 15** | " + " | ".join(totals) + " |")
    lines += ["", f"Machine: {about}.", f"Processor time of one thread for one picture of 500x375 at severity 3, all packages asked in turn in one run; medians of {rounds} rounds."]
    lines += [f"{package.title}: {package.about}." for package in packages]
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--serve", help=argparse.SUPPRESS)
    for title, flag in zip(PACKAGES, ("ours", "original", "fork", "albumentations")):
        arguments.add_argument(f"--{flag}", metavar="PY", help=f"a Python with {title}")
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    if given.serve:
        return serve(given.serve)
    if not given.ours:
        arguments.error("--ours is needed")
    about = processor()
    pythons = [given.ours, given.original, given.fork, given.albumentations]
    packages = [Package(title, python) for title, python in zip(PACKAGES, pythons) if python]
    for package in packages:
        # The first call compiles, where numba is used; it counts for nobody.
        for name in NAMES:
            package.ask(name)
    for turn in range(given.rounds):
        for name in NAMES:
            for package in packages:
                took = package.ask(name)
                package.times[name] += [] if took is None else [took]
        print(f"round {turn + 1} of {given.rounds}", file=sys.stderr)
    text = text_of(packages, about, given.rounds)
    print(text, end="")


if __name__ == "__main__":
    main()
