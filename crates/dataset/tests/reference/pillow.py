"""Prints what Pillow makes of formula pictures, or of files: the reference of this crate's tests.

python pillow.py formula > pillow.csv       Pillow 10.4.0, numpy, torchvision 0.29.2
python pillow.py bilinear13 >> pillow.csv   Pillow 13.0.0, whose BILINEAR rounds in another order
python pillow.py files IMAGE...             one line each: name, SHA-256 of its RGB bytes, of its 224x224 squash
python pillow.py labels LABEL...            one line each: name, SHA-256 of its indices, of its 224x224 squash
"""

import hashlib
import sys

import numpy as np
from PIL import Image

from pillow_picture import picture


def sha(image):
    return hashlib.sha256(np.asarray(image).tobytes()).hexdigest()


def labels(width, height):
    x, y = np.meshgrid(np.arange(width), np.arange(height), indexing="xy")
    return Image.fromarray(((x * 7 + y * 13 + x * y) % 21).astype(np.uint8))


SIZES = [
    ((37, 29), (224, 224)), ((37, 29), (37, 12)), ((37, 29), (11, 29)), ((500, 375), (224, 224)),
    ((500, 375), (298, 224)), ((500, 375), (149, 112)), ((333, 500), (448, 672)), ((375, 500), (224, 298)),
    ((97, 61), (97, 61)), ((97, 61), (1, 1)), ((5, 3), (500, 1)), ((640, 480), (63, 479)), ((1, 1), (9, 7)),
    ((288, 384), (224, 224)), ((333, 500), (224, 224)), ((60, 60), (80, 20)), ((60, 60), (60, 20)), ((60, 60), (80, 90)),
]


def formula():
    import torchvision.transforms.functional as tf

    print("what,argument,sha256")
    for (w, h), size in SIZES:
        print(f"bilinear,{w}x{h}>{size[0]}x{size[1]},{sha(picture(w, h).resize(size, Image.BILINEAR))}")
        print(f"nearest,{w}x{h}>{size[0]}x{size[1]},{sha(labels(w, h).resize(size, Image.NEAREST))}")
    steps = {"brightness": tf.adjust_brightness, "contrast": tf.adjust_contrast,
             "saturation": tf.adjust_saturation}
    for name, step in steps.items():
        for factor in [0.0, 0.3, 0.7, 0.9531, 1.0, 1.07, 1.3, 2.5]:
            print(f"{name},{factor},{sha(step(picture(120, 80), factor))}")
    for turns in [-0.5, -0.1, -0.0333, 0.0, 0.004, 0.07, 0.1, 0.5]:
        print(f"hue,{turns},{sha(tf.adjust_hue(picture(120, 80), turns))}")
    colours = np.indices((256, 256, 256), dtype=np.uint8).reshape(3, -1).T.reshape(4096, 4096, 3)
    print(f"to_hsv,all,{sha(Image.fromarray(colours).convert('HSV'))}")
    print(f"to_rgb,all,{sha(Image.fromarray(colours, mode='HSV').convert('RGB'))}")


def bilinear13():
    for (w, h), size in SIZES:
        print(f"bilinear13,{w}x{h}>{size[0]}x{size[1]},{sha(picture(w, h).resize(size, Image.BILINEAR))}")


def files():
    for path in sys.argv[2:]:
        image = Image.open(path).convert("RGB")
        print(f"{path},{sha(image)},{sha(image.resize((224, 224), Image.BILINEAR))}")


def label_files():
    for path in sys.argv[2:]:
        image = Image.open(path)
        print(f"{path},{sha(image)},{sha(image.resize((224, 224), Image.NEAREST))}")


{"formula": formula, "bilinear13": bilinear13, "files": files, "labels": label_files}[sys.argv[1]]()
