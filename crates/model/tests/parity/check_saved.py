"""Loads a file that we saved into torchvision's network, strictly, and compares the logits.

Run: python check_saved.py MODEL.safetensors BATCH.safetensors CLASSES
BATCH holds our `pictures` and the `logits` that we computed in evaluation.
"""
import sys

import torch
from safetensors.torch import load_file
from torchvision.models.segmentation import deeplabv3_resnet50

model_path, batch_path, classes = sys.argv[1:]
net = deeplabv3_resnet50(weights=None, weights_backbone=None, aux_loss=False, num_classes=int(classes)).eval()
net.load_state_dict(load_file(model_path), strict=True)
batch = load_file(batch_path)
with torch.no_grad():
    logits = net(batch["pictures"])["out"]
error = ((logits - batch["logits"]).norm() / logits.norm()).item()
print(f"relative error {error:.2e}")
sys.exit(0 if error < 1e-4 else 1)
