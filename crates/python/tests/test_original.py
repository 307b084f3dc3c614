"""Every function against ``imagecorruptions`` 1.1.2 itself, where it is installed with packages that it works with.

Its bytes depend on the processor unless the vector code of numpy and OpenCV is off, so that
`cargo xtask wheel` sets these variables before Python starts:
NPY_DISABLE_CPU_FEATURES and OPENCV_CPU_DISABLE, as crates/corruptions/tests/reference/make_truth.py has them, and
OPENCV_IPP, which turns off Intel's library inside OpenCV: its bytes differ from OpenCV's own.
"""

import contextlib
import io
import os
import subprocess
import sys
import warnings
from importlib import metadata

import numpy as np
import pytest
from support import formula

import scribe_corruptions
from scribe_corruptions import get_corruption_names

try:
    version = metadata.version("imagecorruptions")
except metadata.PackageNotFoundError:
    version = None
if version != "1.1.2" or not {"NPY_DISABLE_CPU_FEATURES", "OPENCV_IPP"} <= set(os.environ):
    pytest.skip("imagecorruptions 1.1.2 with its vector code off is not here", allow_module_level=True)

original = pytest.importorskip("imagecorruptions")
cv2 = pytest.importorskip("cv2")
cv2.setNumThreads(0)

PICTURES = {"64x64": formula(64, 64), "101x67": formula(101, 67), "grey": formula(64, 50)[..., 1]}
PICTURES["one channel"] = PICTURES["grey"][..., None]


def script(package, image, severity, **which):
    """What a script does: it seeds, corrupts twice, and draws on."""
    np.random.seed(77)
    with contextlib.redirect_stdout(io.StringIO()):
        made = [package.corrupt(image, severity=severity, **which) for _ in range(2)]
    return (*made, np.random.randint(1 << 30, size=3))


@pytest.mark.parametrize("name", get_corruption_names("all"))
@pytest.mark.parametrize("picture", PICTURES)
def test_a_script_gives_the_same_bytes(name, picture):
    for severity in range(1, 6):
        theirs = script(original, PICTURES[picture], severity, corruption_name=name)
        ours = script(scribe_corruptions, PICTURES[picture], severity, corruption_name=name)
        for a, b in zip(theirs, ours):
            assert a.shape == b.shape and a.dtype == b.dtype
            assert np.array_equal(a, b), (name, severity)


@pytest.mark.parametrize("number", range(19))
def test_numbers_mean_the_same(number):
    theirs = script(original, PICTURES["64x64"], 2, corruption_number=number)
    ours = script(scribe_corruptions, PICTURES["64x64"], 2, corruption_number=number)
    assert all(np.array_equal(a, b) for a, b in zip(theirs, ours))


@pytest.mark.parametrize("subset", ["common", "validation", "all", "noise", "blur", "weather", "digital"])
def test_subsets_are_the_same(subset):
    assert original.get_corruption_names(subset) == get_corruption_names(subset)


def test_refusals_are_of_the_same_kind():
    image = PICTURES["64x64"]
    calls = [
        ([[1]], {"corruption_name": "fog"}),
        (image.astype(float), {"corruption_name": "fog"}),
        (image[None], {"corruption_name": "fog"}),
        (image[:, :31], {"corruption_name": "fog"}),
        (image[..., :2], {"corruption_name": "fog"}),
        (np.zeros((0, 0, 3), np.uint8), {"corruption_name": "fog"}),
        (image, {"corruption_name": "fog", "severity": 0}),
        (image, {"corruption_name": "fog", "severity": 2.0}),
        (image, {"corruption_name": "fog", "severity": "2"}),
        (image, {"corruption_name": "fogg"}),
        (image, {"corruption_number": 19}),
        (image, {"corruption_number": -20}),
        (image, {"corruption_number": 1.0}),
        (image, {}),
    ]
    for picture, arguments in calls:
        kinds = []
        for package in (original, scribe_corruptions):
            with pytest.raises(Exception) as raised:
                package.corrupt(picture, **arguments)
            kinds.append(type(raised.value))
        assert kinds[0] is kinds[1], arguments
    for package in (original, scribe_corruptions):
        with pytest.raises(ValueError):
            package.get_corruption_names("none")


def test_generated_frost_leaves_the_generator_where_the_photographs_do(monkeypatch):
    monkeypatch.setattr(scribe_corruptions._frost, "_known_folders", lambda: [])
    for seed in range(5):
        for picture in (*PICTURES.values(), np.full((700, 1000, 3), 9, np.uint8)):
            states = []
            for package in (original, scribe_corruptions):
                np.random.seed(seed)
                with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    package.corrupt(picture, 4, "frost")
                states.append(np.random.get_state())
            assert np.array_equal(states[0][1], states[1][1]) and states[0][2:] == states[1][2:]


SCRIPT = '''
"""What people write with the package: an array that is corrupted in every way, by name and by number, from one seed."""
import hashlib
import sys
import numpy as np
from imagecorruptions import corrupt, get_corruption_names
from support import formula

np.random.seed(0)
image = formula(72, 64)
answers = sys.stdout
sys.stdout = sys.stderr  # The original prints where it is not told to.
digest = hashlib.sha256()
for corruption in get_corruption_names("all"):
    for severity in range(5):
        corrupted = corrupt(image, corruption_name=corruption, severity=severity + 1)
        digest.update(corrupted.tobytes())
for i in range(15):
    corrupted = corrupt(image[..., 0], corruption_number=i, severity=1 + np.random.randint(5))
    digest.update(corrupted.tobytes())
    digest.update(corrupt(corrupted, 3, corruption_name="gaussian_noise").tobytes())
order = np.random.permutation(15)
print(digest.hexdigest(), np.random.rand(), order.tolist(), file=answers)
'''


def test_a_whole_script_gives_the_same_bytes_when_its_import_is_changed(tmp_path):
    answers = []
    for name in ("imagecorruptions", "scribe_corruptions"):
        file = tmp_path / f"with_{name}.py"
        file.write_text(SCRIPT.replace("from imagecorruptions import", f"from {name} import"))
        variables = dict(os.environ)
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, [os.path.dirname(__file__), *sys.path]))
        done = subprocess.run([sys.executable, "-B", str(file)], capture_output=True, text=True, env=variables)
        assert done.returncode == 0, done.stderr
        answers.append(done.stdout)
    assert answers[0] == answers[1] and len(answers[0]) > 64
