"""Writes resnet-narrow.pth: a part of a ResNet-50 state dict at width 1/16, as data-parallel training saves it.

Run: python export_state.py      (torch 2.15.0 made the stored file; the values are export.py's formula)
"""
import pathlib

import torch

from export import value

SHAPES = {
    "conv1.weight": (4, 3, 7, 7),
    "bn1.weight": (4,),
    "bn1.running_var": (4,),
    "layer1.0.conv2.weight": (4, 4, 3, 3),
    "fc.weight": (10, 128),
}

state = {f"module.{name}": value(name, shape).float() for name, shape in SHAPES.items()}
# A half-precision and an integer tensor too.
state["module.layer1.0.conv1.weight"] = value("layer1.0.conv1.weight", (4, 4, 1, 1)).half()
state["module.bn1.num_batches_tracked"] = torch.tensor(12345)
torch.save({"epoch": 3, "state_dict": state}, pathlib.Path(__file__).parent / "resnet-narrow.pth")
