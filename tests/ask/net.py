"""A network that needs no package: class 15 where a picture is red, else the background.

Settings follow as NAME=VALUE: red (the threshold), answer (classes or logits), sleep (seconds for each picture), count (a
file that gets a line for each picture), pid (a file that gets its process id), classes (how many it knows), die (the number of the picture at which it kills itself), greeting (more entries,
as JSON).
"""

import array
import json
import os
import signal
import sys
import time

settings = dict(argument.split("=", 1) for argument in sys.argv[1:])
red = int(settings.get("red", 110))
source, answers = sys.stdin.buffer, sys.stdout.buffer


def read():
    """The metadata, shape and pixels of the next frame; None at the end."""
    length = source.read(8)
    if len(length) < 8:
        return None
    buffer = source.read(int.from_bytes(length, "little"))
    end = 8 + int.from_bytes(buffer[:8], "little")
    header = json.loads(buffer[8:end])
    return header["__metadata__"], header.get("pixels", {}).get("shape"), buffer[end:]


def write(metadata, name=None, dtype=None, shape=None, data=b""):
    header = {"__metadata__": metadata}
    if name:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [0, len(data)]}
    header = json.dumps(header).encode()
    answers.write((8 + len(header) + len(data)).to_bytes(8, "little"))
    answers.write(len(header).to_bytes(8, "little") + header + data)
    answers.flush()


def count(ids, conditions):
    if "count" in settings:
        with open(settings["count"], "a") as file:
            file.writelines(f"{i} {c}\n" for i, c in zip(json.loads(ids), json.loads(conditions)))


if "pid" in settings:
    with open(settings["pid"], "w") as file:
        file.write(str(os.getpid()))
print("a network of", red, file=sys.stderr)
read()
write({"protocol": "1", "classes": settings.get("classes", "21"), **json.loads(settings.get("greeting", "{}"))})
asked = 0
while (frame := read()) is not None:
    metadata, (n, h, w, _), pixels = frame
    asked += n
    if asked >= int(settings.get("die", asked + 1)):
        print("killed", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(n * float(settings.get("sleep", 0)))
    count(metadata["ids"], metadata["conditions"])
    reds = pixels[0::3]
    number = {"number": metadata["number"]}
    if settings.get("answer", "classes") == "classes":
        table = bytes(15 if value > red else 0 for value in range(256))
        write(number, "classes", "U8", [n, h, w], reds.translate(table))
        continue
    planes = []
    table = [(value - red) / 16 for value in range(256)]
    for picture in range(n):
        person = array.array("f", (table[value] for value in reds[picture * h * w : (picture + 1) * h * w]))
        other = array.array("f", [-1.0]) * (h * w)
        nothing = array.array("f", (-value for value in person))
        planes += [nothing] + [other] * 14 + [person] + [other] * 5
    write(number, "logits", "F32", [n, 21, h, w], b"".join(plane.tobytes() for plane in planes))
