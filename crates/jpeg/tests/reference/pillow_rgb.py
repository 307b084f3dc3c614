"""Prints for each file its name and the SHA-256 of the RGB bytes that this Python's Pillow decodes from it.

python pillow_rgb.py IMAGE...
"""

import hashlib
import sys

from PIL import Image

for path in sys.argv[1:]:
    print(f"{path},{hashlib.sha256(Image.open(path).convert('RGB').tobytes()).hexdigest()}")
