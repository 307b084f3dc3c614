"""The transform for Albumentations."""

import numpy as np
import pytest
from support import formula

A = pytest.importorskip("albumentations")

from scribe_corruptions import corrupt  # noqa: E402
from scribe_corruptions.albumentations import Corrupt  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::scribe_corruptions.FrostWarning")
CLEAN = formula(48, 40)
MASK = np.arange(40 * 48, dtype=np.uint8).reshape(40, 48)


def run(seed, **settings):
    return A.Compose([Corrupt(**settings)], seed=seed)(image=CLEAN.copy(), mask=MASK.copy())


def test_the_seed_of_compose_decides():
    first, again, other = (run(seed, p=1.0) for seed in (1, 1, 2))
    assert np.array_equal(first["image"], again["image"])
    assert not np.array_equal(first["image"], other["image"])
    assert np.array_equal(first["mask"], MASK)
    assert first["image"].dtype == np.uint8 and first["image"].shape == CLEAN.shape


def test_without_chance_it_is_corrupt():
    made = run(1, corruptions="jpeg_compression", severities=3, p=1.0)["image"]
    assert np.array_equal(made, corrupt(CLEAN, 3, "jpeg_compression", seed=0))
    assert np.array_equal(run(1, corruptions="jpeg_compression", p=0.0)["image"], CLEAN)


def test_wrong_settings_are_refused():
    with pytest.raises(KeyError, match="fogg"):
        Corrupt("fogg")
    with pytest.raises(AttributeError, match="Severity"):
        Corrupt("fog", [1, 9])
