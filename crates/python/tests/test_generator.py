"""The generator against NumPy's legacy one."""

import numpy as np
import pytest

from scribe_corruptions._native import Generator

# The seed of the class TestRandomDist in numpy/random/tests/test_randomstate.py, whose literals these are.
SEED = 1234567890


def test_random_sample_literals():
    expected = [
        0.61879477158567997,
        0.59162362775974664,
        0.88868358904449662,
        0.89165480011560816,
        0.4575674820298663,
        0.7781880808593471,
    ]
    assert Generator(SEED).random_sample(6) == pytest.approx(expected, abs=1e-15)


def test_randint_literals():
    assert Generator(SEED).randint(-99, 99, 6) == [31, 3, -52, 41, -48, -66]


def test_normal_literals():
    expected = [
        2.80378370443726244,
        3.59863924443872163,
        3.121433477601256,
        -0.33382987590723379,
        4.18552478636557357,
        4.46410668111310471,
    ]
    drawn = [0.123456789 + 2.0 * z for z in Generator(SEED).standard_normal(6)]
    assert drawn == pytest.approx(expected, abs=1e-15, rel=1e-15)


def test_poisson_literals():
    assert Generator(SEED).poisson(0.123456789, 6) == [0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("seed", [0, 1, 1234, 2**32 - 1])
def test_streams_are_numpy_s(seed):
    ours, numpys = Generator(seed), np.random.RandomState(seed)
    assert ours.random_sample(1000) == numpys.random_sample(1000).tolist()
    assert ours.randint(-3, 3, 1000) == numpys.randint(-3, 3, 1000).tolist()
    for lam in (3.5, 12.0, 25.0, 60.0):
        assert ours.poisson(lam, 500) == numpys.poisson(lam, 500).tolist()
    assert ours.standard_normal(1001) == pytest.approx(numpys.standard_normal(1001).tolist(), rel=1e-15)
    kind, key, pos, has_gauss, cached = numpys.get_state()
    state = ours.get_state()
    assert (kind, key.tolist(), pos, has_gauss) == ("MT19937", state[0].tolist(), *state[1:3])
    assert state[3] == pytest.approx(cached, rel=1e-15)


def test_words_from_numpy_s_state():
    """Words of `np.random.MT19937`, from a key that no seed of 32 bits makes."""
    bits = np.random.MT19937(0xDEADBEAF)
    numpys = np.random.RandomState(bits)
    ours = Generator(0)
    ours.set_state(*numpys.get_state()[1:])
    assert ours.words(1000) == bits.random_raw(1000).tolist()
    for key in (np.zeros(3, np.uint32), np.zeros(625, np.uint32)):
        with pytest.raises(ValueError, match="624 words"):
            ours.set_state(key, 0, 0, 0.0)
    with pytest.raises(ValueError, match="at most 624"):
        ours.set_state(np.zeros(624, np.uint32), 625, 0, 0.0)


def test_too_many_numbers_are_refused():
    for draw in (
        lambda ours, size: ours.words(size),
        lambda ours, size: ours.random_sample(size),
        lambda ours, size: ours.standard_normal(size),
        lambda ours, size: ours.poisson(3.0, size),
        lambda ours, size: ours.randint(0, 9, size),
    ):
        for size in (2**27 + 1, 2**62):
            with pytest.raises(ValueError, match=f"size={size}: expected at most 134217728"):
                draw(Generator(1), size)
