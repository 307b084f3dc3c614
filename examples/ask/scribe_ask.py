"""What the programs for `scribe eval --ask` share: the greeting, questions and answers. FORMAT.md describes the frames."""

import json
import os
import sys

import numpy as np

TYPES = {"uint8": "U8", "uint16": "U16", "float16": "F16", "float32": "F32"}

# Frames alone go to standard output; what libraries print there goes to standard error, and so into scribe's log.
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)


def read():
    """The metadata and the pixels of the next frame; None where scribe has no more questions."""
    length = sys.stdin.buffer.read(8)
    if len(length) < 8:
        return None
    # A bytearray, so that the pixels may be changed in place.
    buffer = bytearray(sys.stdin.buffer.read(int.from_bytes(length, "little")))
    end = 8 + int.from_bytes(buffer[:8], "little")
    header = json.loads(buffer[8:end])
    shape = header.get("pixels", {}).get("shape", [0])
    return header["__metadata__"], np.frombuffer(buffer, np.uint8, offset=end).reshape(shape)


def write(metadata, **tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        data = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": TYPES[str(array.dtype)], "shape": array.shape, "data_offsets": [0, len(data)]}
    header = json.dumps(header).encode()
    answers.write((8 + len(header) + len(data)).to_bytes(8, "little"))
    answers.write(len(header).to_bytes(8, "little") + header + data)
    answers.flush()


def serve(predict, classes, **greeting):
    """Answers until scribe has no more questions. `predict` is given pixels, uint8 [N, H, W, 3] in RGB, which it may change,
    and returns logits, float16 or float32 [N, classes, h, w] with h <= H and w <= W, or classes, uint8 or uint16 [N, H, W].
    Raises TypeError or ValueError for anything else."""
    read()
    write({"protocol": "1", "classes": str(classes), **{name: str(value) for name, value in greeting.items()}})
    while (question := read()) is not None:
        metadata, pixels = question
        shape = pixels.shape
        answer = predict(pixels)
        write({"number": metadata["number"]}, **{checked(answer, shape, classes): answer})


def checked(answer, shape, classes):
    """The name of the tensor, `logits` or `classes`, that fits pixels of this shape."""
    if not isinstance(answer, np.ndarray):
        raise TypeError(f"predict returned {type(answer).__name__} (expected a NumPy array; of a tensor, .cpu().numpy())")
    n, h, w, _ = shape
    a = answer.shape
    if a == (n, h, w) and answer.dtype in (np.uint8, np.uint16):
        return "classes"
    if answer.ndim == 4 and answer.dtype in (np.float16, np.float32):
        if a[:2] == (n, classes) and 1 <= a[2] <= h and 1 <= a[3] <= w:
            return "logits"
    raise ValueError(
        f"predict returned {answer.dtype} {list(a)}; expected classes, uint8 {[n, h, w]} (.astype(np.uint8)), or logits, "
        f"float32 [{n}, {classes}, h, w] with h at most {h} and w at most {w} (.astype(np.float32); of one picture, z[None])"
    )
