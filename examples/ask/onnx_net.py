"""An ONNX network from [N, 3, H, W], normalised as ImageNet's networks want it, to logits [N, K, h, w].

scribe eval --ask 'python examples/ask/onnx_net.py net.onnx' --as onnx
"""

import sys

import numpy as np
import onnxruntime
import scribe_ask

session = onnxruntime.InferenceSession(sys.argv[1], providers=onnxruntime.get_available_providers())
given, logits = session.get_inputs()[0], session.get_outputs()[0]
MEAN, STD = (np.array(v, np.float32) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))


def predict(pixels):
    x = (pixels.astype(np.float32) / 255 - MEAN) / STD
    return session.run([logits.name], {given.name: np.ascontiguousarray(x.transpose(0, 3, 1, 2))})[0]


# Dimensions that the file leaves open are no numbers.
batch = given.shape[0] if isinstance(given.shape[0], int) else 8
sizes = "one" if isinstance(given.shape[2], int) else "any"
scribe_ask.serve(predict, classes=logits.shape[1], batch=batch, sizes=sizes)
