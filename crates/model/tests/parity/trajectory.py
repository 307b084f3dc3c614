"""Writes trajectory.json: the losses of 20 SGD steps for each objective, in f64, which crates/train follows in f32.

Run: python trajectory.py     (torch 2.15.0, torchvision 0.29.2 made the stored file; takes a minute)

Network, start and batches are those of export.py's formula; batch `t` has its pictures from salt `t`. Torch's own SGD
with momentum 0.9, weight decay 5e-5 and two groups; the poly schedule by step. It also prints how far torch's f32 is from
its f64: what the losses can be held to.
"""
import json
import pathlib

import torch
from torch import nn

import export

STEPS, POWER = 20, 0.9
LR = {"backbone": 0.002, "head": 0.02}
NET = dict(decoder="one", stride=16, rates=[6, 12, 18], width=0.25, size=export.SMALL, align_corners=False, salt=0)
OBJECTIVES = {
    "softmax": dict(kind="softmax"),
    "ibe": dict(kind="ibe", form="neg_lse", at="features"),
    "scribe": dict(kind="scribe", form="neg_lse", at="features"),
}


def losses(case, dtype):
    model = export.build(case).to(dtype).train()
    export.fill(model, case["salt"])
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    groups = {"backbone": [], "head": []}
    for name, p in model.named_parameters():
        groups["backbone" if name.startswith("backbone.") else "head"].append(p)
    sgd = torch.optim.SGD([{"params": groups[g], "lr": LR[g], "group": g} for g in groups], momentum=0.9, weight_decay=5e-5)
    found = []
    for step in range(STEPS):
        for group in sgd.param_groups:
            group["lr"] = LR[group["group"]] * (1.0 - step / STEPS) ** POWER
        x, y = export.batch({**case, "salt": step})
        loss = export.loss(case, export.logits(case, model(x.to(dtype))), y)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        found.append(loss.item())
    return found


def main():
    stored = {"case": NET, "steps": STEPS, "power": POWER, "lr": LR, "objectives": {}}
    for name, objective in OBJECTIVES.items():
        case = {**NET, **objective}
        exact, single = losses(case, torch.float64), losses(case, torch.float32)
        gap = max(abs(s / e - 1.0) for e, s in zip(exact, single))
        print(f"{name}: {exact[0]:.4f} -> {exact[-1]:.4f}, torch's f32 off by at most {gap:.1e}")
        stored["objectives"][name] = {"objective": objective, "losses": [float(f"{v:.10g}") for v in exact]}
    path = pathlib.Path(__file__).parent / "trajectory.json"
    path.write_text(json.dumps(stored).replace("], ", "],\n") + "\n")


if __name__ == "__main__":
    main()
