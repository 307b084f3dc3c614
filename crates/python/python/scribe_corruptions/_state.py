"""NumPy's global generator, used as ``imagecorruptions`` uses it."""

import os
import threading

import numpy as np

from . import _native

# Two threads must not start from the same state.
_LOCK = threading.Lock()


def _new_lock() -> None:
    """A forked process has the lock as it was, and not the thread that holds it: nothing would ever release it."""
    global _LOCK
    _LOCK = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_lock)


def from_global_state(suite: _native.Suite, image: np.ndarray, name: str, severity: int) -> None:
    """Corrupts ``image`` in place from the global state of ``np.random``, and leaves there the state afterwards."""
    with _LOCK:
        state = np.random.get_state(legacy=False)
        if state["bit_generator"] != "MT19937":
            raise ValueError(
                f"numpy's global generator is {state['bit_generator']}: expected MT19937, numpy's own, whose stream the "
                "original's bytes follow from (np.random.set_bit_generator replaced it); give a seed instead"
            )
        words = state["state"]
        drawn = suite.corrupt_from_state(
            image, name, severity, words["key"], words["pos"], state["has_gauss"], state["gauss"]
        )
        np.random.set_state(("MT19937", *drawn))
