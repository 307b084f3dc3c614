"""What a script that was written for ``imagecorruptions`` sees."""

import inspect

import numpy as np
import pytest
from support import formula

import scribe_corruptions
from scribe_corruptions import corrupt, get_corruption_names

CLEAN = formula(48, 40)
#: Corruptions that draw nothing (imagecorruptions/corruptions.py).
WITHOUT_CHANCE = {
    "defocus_blur",
    "zoom_blur",
    "brightness",
    "contrast",
    "pixelate",
    "jpeg_compression",
    "gaussian_blur",
    "saturate",
}
pytestmark = pytest.mark.filterwarnings("ignore::scribe_corruptions.FrostWarning")


def state():
    kind, key, pos, has_gauss, cached = np.random.get_state()
    return kind, key.tolist(), pos, has_gauss, cached


def test_signature_begins_as_the_original_s():
    parameters = list(inspect.signature(corrupt).parameters.values())[:4]
    expected = [("image", inspect.Parameter.empty), ("severity", 1), ("corruption_name", None), ("corruption_number", -1)]
    assert [(p.name, p.default) for p in parameters] == expected


def test_names_by_subset():
    # The groups of imagecorruptions/__init__.py: the first fifteen are common, the rest validation.
    names = get_corruption_names("all")
    assert len(names) == 19
    assert get_corruption_names() == get_corruption_names("common") == names[:15]
    assert get_corruption_names("validation") == ["speckle_noise", "gaussian_blur", "spatter", "saturate"]
    assert get_corruption_names("noise") == ["gaussian_noise", "shot_noise", "impulse_noise"]
    assert get_corruption_names("blur") == ["defocus_blur", "glass_blur", "motion_blur", "zoom_blur"]
    assert get_corruption_names("weather") == ["snow", "frost", "fog", "brightness"]
    assert get_corruption_names("digital") == ["contrast", "elastic_transform", "pixelate", "jpeg_compression"]
    for wrong in ("weathers", None, []):
        with pytest.raises(ValueError, match="subset must be one of"):
            get_corruption_names(wrong)


def test_names_are_those_of_the_suites():
    for suite in ("imagecorruptions", "imagenet_c"):
        assert scribe_corruptions._native.Suite(suite).names() == get_corruption_names("all")


@pytest.mark.parametrize("number", [0, 9, 18, -2, -19])
def test_a_number_is_a_name(number):
    name = get_corruption_names("all")[number]
    np.random.seed(5)
    by_number = corrupt(CLEAN, severity=2, corruption_number=number)
    assert (by_number == corrupt(CLEAN, 2, name, seed=5)).all()
    # A name counts before a number.
    assert (corrupt(CLEAN, 2, "contrast", number, seed=5) == corrupt(CLEAN, 2, "contrast", seed=5)).all()


@pytest.mark.parametrize("name", get_corruption_names("all"))
def test_the_global_state_is_read_and_moved_on(name):
    np.random.seed(9)
    before = state()
    first = corrupt(CLEAN, 3, name)
    moved = state()
    second = corrupt(CLEAN, 3, name)
    assert (moved == before) == (name in WITHOUT_CHANCE)
    assert np.array_equal(first, second) == (name in WITHOUT_CHANCE)
    np.random.seed(9)
    assert np.array_equal(first, corrupt(CLEAN, 3, name))
    assert state() == moved


def test_a_seed_leaves_the_global_state_alone():
    np.random.seed(1)
    before = state()
    assert np.array_equal(corrupt(CLEAN, 1, "fog", seed=7), corrupt(CLEAN, 1, "fog", seed=np.int64(7)))
    assert state() == before


def test_refusals_are_the_original_s():
    """The kinds of exceptions that imagecorruptions 1.1.2 raises for the same calls."""
    cases = [
        (AttributeError, "numpy.ndarray", lambda: corrupt([[1]], 1, "fog")),
        (AttributeError, "Severity", lambda: corrupt(CLEAN, 0, "fog")),
        (AttributeError, "Severity", lambda: corrupt(CLEAN, 6, "fog")),
        (AttributeError, "Severity", lambda: corrupt(CLEAN, "3", "fog")),
        (TypeError, "integer", lambda: corrupt(CLEAN, 2.0, "fog")),
        (TypeError, "integer", lambda: corrupt(CLEAN, np.float32(2), "fog")),
        (KeyError, "did you mean fog", lambda: corrupt(CLEAN, 1, "fogg")),
        (IndexError, "0, 18", lambda: corrupt(CLEAN, 1, corruption_number=19)),
        (IndexError, "0, 18", lambda: corrupt(CLEAN, 1, corruption_number=-20)),
        (TypeError, "indices", lambda: corrupt(CLEAN, 1, corruption_number="fog")),
        (ValueError, "corruption_name or corruption_number", lambda: corrupt(CLEAN, 1)),
    ]
    for kind, text, call in cases:
        with pytest.raises(kind, match=text) as raised:
            call()
        assert type(raised.value) is kind


def test_refusals_beyond_the_original():
    cases = [
        (ValueError, "2\\*\\*32", {"seed": -1}),
        (ValueError, "2\\*\\*32", {"seed": 2**32}),
        (ValueError, "2\\*\\*32", {"seed": 0.5}),
        (ValueError, "imagenet_c", {"suite": "imagenet-c"}),
        (AttributeError, "224", {"suite": "imagenet_c"}),
    ]
    for kind, text, arguments in cases:
        with pytest.raises(kind, match=text):
            corrupt(CLEAN, 1, "fog", **arguments)
    with pytest.raises(ValueError, match="frost"):
        corrupt(CLEAN, 1, "frost", seed=0, frost_dir="no/such/folder")


def test_another_global_generator_is_refused():
    set_generator = getattr(np.random, "set_bit_generator", None)
    if set_generator is None:
        pytest.skip("numpy before 1.24 cannot replace it")
    own = np.random.get_bit_generator()
    try:
        set_generator(np.random.PCG64(1))
        with pytest.raises(ValueError, match="PCG64"):
            corrupt(CLEAN, 1, "fog")
    finally:
        set_generator(own)


def test_generated_frost_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(scribe_corruptions._frost, "_known_folders", lambda: [tmp_path])
    with pytest.warns(scribe_corruptions.FrostWarning, match="generated textures") as caught:
        corrupt(CLEAN, 1, "frost", seed=0)
    assert caught[0].filename == __file__
