"""The formula picture of these reference scripts and of `src/reference.rs`."""

import numpy as np
from PIL import Image


def picture(width, height):
    """Smooth in places, rough in others, with flat grey and saturated pixels among them."""
    x, y, c = np.meshgrid(np.arange(width), np.arange(height), np.arange(3), indexing="xy")
    rough = (x * 7 + y * 13 + c * 29 + x * y * (c + 1)) % 256
    smooth = (x * (c + 1) + y * (3 - c)) % 256
    mixed = np.where((x // 16 + y // 16) % 3 == 0, rough, np.where((x // 16 + y // 16) % 3 == 1, smooth, y * 5 % 256))
    return Image.fromarray(mixed.astype(np.uint8))
