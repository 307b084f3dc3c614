"""A TensorFlow Lite network from [1, S, S, 3] in 0..1 to logits [1, h, w, K], or to the probability [1, h, w, 1] of class 1.

scribe eval --ask 'python examples/ask/litert_net.py net.tflite' --as lite --set eval.view=squash:256
"""

import sys

import numpy as np
import scribe_ask
from ai_edge_litert.interpreter import Interpreter

net = Interpreter(model_path=sys.argv[1])
net.allocate_tensors()
given, found = net.get_input_details()[0], net.get_output_details()[0]
_, height, width, _ = given["shape"]
classes = max(2, int(found["shape"][3]))


def predict(pixels):
    if pixels.shape[1:3] != (height, width):
        raise SystemExit(f"the network takes {height} x {width} pixels: --set eval.view=squash:{height}")
    return np.concatenate([one(picture) for picture in pixels])


def one(picture):
    net.set_tensor(given["index"], picture[None].astype(np.float32) / 255)
    net.invoke()
    z = net.get_tensor(found["index"]).astype(np.float32)
    if z.shape[3] == 1:  # one probability p is two logits, 0 and log(p / (1 - p))
        p = np.clip(z, 1e-6, 1 - 1e-6)
        z = np.concatenate([np.zeros_like(p), np.log(p / (1 - p))], axis=3)
    return z.transpose(0, 3, 1, 2)


scribe_ask.serve(predict, classes=classes, batch=8)
