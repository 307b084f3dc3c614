"""Writes the numbers that tests/msc.rs compares with: multi-scale inference in a few lines of torch, for every averaging space.

Run: python msc.py > msc.json     (torch 2.15.0, torchvision 0.29.2 made the stored file)

Networks, weights and pictures are those of export.py, in f64. The rule is TensorFlow DeepLab's: logits of every scale and of
its mirror image go to the picture's size, scores are taken there, averaged, and the largest wins.
"""
import json

import torch
import torch.nn.functional as F

from export import CLASSES, background, batch, build, digest, fill, logits, samples

SCALES = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75]
SPACES = {"softmax": lambda z: z.softmax(1), "sigmoid": torch.sigmoid, "logit": lambda z: z,
          "rebuild_background": lambda z: z[:, 1:]}


def scaled(side, scale, align):
    return int((side - 1) * scale + 1) if align else int(side * scale + 0.5)


def multi_scale(case, model, x, space):
    total, (h, w), align = 0, case["size"], case["align_corners"]
    for scale in SCALES:
        size = (scaled(h, scale, align), scaled(w, scale, align))
        resized = F.interpolate(x, size=size, mode="bilinear", align_corners=align)
        for flip in (False, True):
            view = resized.flip(3) if flip else resized
            score = SPACES[space](logits(case, model(view)))
            total = total + (score.flip(3) if flip else score)
    mean = total / (2 * len(SCALES))
    return background(mean, case["form"]) if space == "rebuild_background" else mean


def main():
    common = dict(decoder="one", stride=16, rates=[6, 12, 18], width=0.125, size=[41, 57], salt=0, form="neg_lse", at="features")
    found = []
    for kind, align in [("softmax", False), ("ibe", True), ("ibe", False), ("scribe", False)]:
        case = dict(common, kind=kind, align_corners=align)
        model = build(case).double().eval()
        fill(model, case["salt"])
        spaces = {}
        for space in SPACES:
            if kind == "softmax" and space == "rebuild_background":
                continue
            with torch.no_grad():
                mean = multi_scale(case, model, batch(case)[0].double(), space)
            counts = torch.bincount(mean.argmax(1).flatten(), minlength=CLASSES).tolist()
            # The program averages in f32: pixels whose best two scores are this near may go either way.
            best = mean.topk(2, 1)[0]
            close = int((best[:, 0] - best[:, 1] < 1e-6).sum())
            spaces[space] = {"logits": samples(mean), "digest": digest("logits", mean), "pixels": counts, "close": close}
        found.append({"case": case, "spaces": spaces})
    print(json.dumps(found).replace("], ", "],\n"))


if __name__ == "__main__":
    main()
