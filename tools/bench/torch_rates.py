"""The other side of `cargo xtask bench model`: the cases of crates/train/examples/rates in PyTorch.

Run: python torch_rates.py THREADS; a line in is a case, a line out the seconds of one run (or the peak memory in bytes, or
for `operations/CASE` how many operations it has). `contiguous/` or `channels_last/` before a case is the order of its maps and
weights in memory; without either it is the first.
Needs torch and torchvision. DeepLabV3 is torchvision's; DeepLabV3+ is written out below, with the same layers as ours.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models import resnet50
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.segmentation.deeplabv3 import ASPP, DeepLabHead

CLASSES = 21
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def block(inputs, outputs, kernel):
    conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    return [conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]


class V3(nn.Module):
    def __init__(self):
        super().__init__()
        trunk = resnet50(weights=None, replace_stride_with_dilation=[False, True, True])
        self.trunk = IntermediateLayerGetter(trunk, {"layer4": "high"})
        self.head = DeepLabHead(2048, CLASSES, [12, 24, 36])

    def forward(self, x):
        return F.interpolate(self.head(self.trunk(x)["high"]), size=x.shape[-2:], mode="bilinear", align_corners=False)


class Plus(nn.Module):
    def __init__(self, stride):
        super().__init__()
        trunk = resnet50(weights=None, replace_stride_with_dilation=[False, stride == 8, True])
        self.trunk = IntermediateLayerGetter(trunk, {"layer1": "low", "layer4": "high"})
        self.aspp = ASPP(2048, [6, 12, 18] if stride == 16 else [12, 24, 36], 256)
        self.aspp.project[3].p = 0.1
        self.project = nn.Sequential(*block(256, 48, 1))
        self.refine = nn.Sequential(*block(304, 256, 3), *block(256, 256, 3), nn.Conv2d(256, CLASSES, 1))

    def forward(self, x):
        features = self.trunk(x)
        low = self.project(features["low"])
        high = F.interpolate(self.aspp(features["high"]), size=low.shape[-2:], mode="bilinear", align_corners=False)
        z = self.refine(torch.cat([low, high], 1))
        return F.interpolate(z, size=x.shape[-2:], mode="bilinear", align_corners=False)


class Trunk(nn.Module):
    """ResNet-50 up to its last stage."""

    def __init__(self):
        super().__init__()
        self.trunk = IntermediateLayerGetter(resnet50(weights=None), {"layer4": "high"})

    def forward(self, x):
        return self.trunk(x)["high"]


def conv(form, shape, which):
    inputs, outputs, side, kernel, stride, padding, dilation = map(int, shape.split("-"))
    x = torch.randn(4, inputs, side, side).to(memory_format=form).requires_grad_()
    w = torch.randn(outputs, inputs, kernel, kernel).to(memory_format=form).requires_grad_()
    if which == "forward":

        def forward():
            with torch.inference_mode():
                F.conv2d(x, w, None, stride, padding, dilation)

        return forward
    y = F.conv2d(x, w, None, stride, padding, dilation)
    dy = torch.randn(y.shape).to(memory_format=form)
    return lambda: torch.autograd.grad(y, [x, w], dy, retain_graph=True)


def network(form, what, name, batch):
    count, side = map(int, batch.split("x"))
    x = torch.randn(count, 3, side, side).to(memory_format=form)
    if name == "resnet50":
        model = resnet50(weights=None, num_classes=200) if what == "step" else Trunk()
    else:
        model = {"plus16": lambda: Plus(16), "plus8": lambda: Plus(8), "v3": V3}[name]()
    model = model.to(memory_format=form)
    if what == "infer":
        model.eval()

        def infer():
            with torch.inference_mode():
                model(x)

        return infer
    pixels = torch.arange(count * side * side).reshape(count, side, side)
    y = torch.arange(count) if name == "resnet50" else pixels // 64 % CLASSES
    sgd = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-5)

    def step():
        sgd.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x), y)
        loss.item()
        loss.backward()
        sgd.step()

    return step


def matmul(side):
    a, b = torch.randn(side, side), torch.randn(side, side)
    return lambda: a @ b


def case(name):
    form, *rest = name.split("/")
    kind, *parts = rest if form in FORMATS else (form, *rest)
    if kind == "matmul":
        return matmul(int(parts[0]))
    form = FORMATS.get(form, torch.contiguous_format)
    return conv(form, *parts) if kind == "conv" else network(form, kind, *parts)


def operations(name):
    """Multiplications and additions of one run."""
    run = case(name)
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def main():
    torch.set_num_threads(int(sys.argv[1]))
    current, run = None, None
    for line in sys.stdin:
        name = line.strip()
        if name == "peak":
            print(peak(), flush=True)
            continue
        if name.startswith("operations/"):
            print(operations(name.removeprefix("operations/")), flush=True)
            continue
        if name != current:
            run = None
            run = case(name)
            run()
            current = name
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
