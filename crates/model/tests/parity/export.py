"""Writes the numbers that tests/parity.rs compares with, one JSON file per case, into this folder.

Run: python export.py [CASE ...]     (torch 2.15.0, torchvision 0.29.2 made the stored files)

Weights, pictures and labels come from a formula that tests/parity.rs computes too (`uniform`), rounded to f32. The
arithmetic here is f64, so the whole difference to the stored numbers is the other side's. DeepLabV3 is torchvision's
own network, DeepLabV3+ the plain one below; of each tensor the norm and two random projections are stored.

The formula keeps the problem well conditioned. With biases near 0 a rounding error flips rectifiers, and torch's own f32
gradients are then 1 to 4 % away from its f64 ones; with weak residual branches (bn3), biases of about 2 (a quarter of
them negative) and pictures of unequal contrast they are within 2e-5, so that a tolerance of 1e-3 tests something.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet
from torchvision.models.segmentation.deeplabv3 import ASPP, DeepLabHead, DeepLabV3
from torchvision.models._utils import IntermediateLayerGetter

N, H, W, CLASSES, SAMPLES = 3, 97, 131, 21, 64
OFFSETS = [0.5, -1.0, 0.25, -0.75, 1.0, 0.0, 1.0, 0.5, -1.25]


def bits(name, count):
    """`count` well-mixed u32 that depend on the name alone."""
    key = 0x811C9DC5
    for byte in name.encode():
        key = ((key ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(key)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(name, count):
    """`count` numbers in [-1, 1)."""
    return bits(name, count).astype(np.float64) / 2.0**31 - 1.0


def value(name, shape):
    u = uniform(name, int(np.prod(shape))).reshape(shape)
    if len(shape) == 4:
        u = u * math.sqrt(6.0 / float(np.prod(shape[1:])))
    elif name.endswith("running_var"):
        u = 1.0 + 0.3 * u
    elif name.endswith("bn3.weight"):
        u = 0.25 * (1.0 + 0.2 * u)
    elif name.endswith("weight"):
        u = 1.0 + 0.2 * u
    elif name.endswith("bias"):
        u = np.where(u < 0.5, 2.0, -2.0) * (1.0 + 0.3 * u)
    else:
        u = 0.1 * u
    return torch.from_numpy(u.astype(np.float32)).double()


def fill(model):
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.dtype.is_floating_point:
                tensor.copy_(value(name, tuple(tensor.shape)))


def channels(full, width):
    return max(4, int(math.floor(full * width / 4 + 0.5)) * 4)


class NarrowResNet(nn.Module):
    """torchvision's ResNet-50 with scaled channels (Bottleneck blocks are torchvision's)."""

    def __init__(self, width, dilate):
        super().__init__()
        planes = [channels(c, width) for c in (64, 128, 256, 512)]
        self.conv1 = nn.Conv2d(3, planes[0], 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(planes[0])
        inputs, dilation = planes[0], 1
        for i, blocks in enumerate((3, 4, 6, 3)):
            before, stride = dilation, 1 if i == 0 else 2
            if dilate[i]:
                dilation, stride = dilation * 2, 1
            layers = []
            for j in range(blocks):
                s, d = (stride, before) if j == 0 else (1, dilation)
                down = None
                if j == 0:
                    down = nn.Sequential(nn.Conv2d(inputs, planes[i] * 4, 1, s, bias=False), nn.BatchNorm2d(planes[i] * 4))
                layers.append(Bottleneck(inputs, planes[i], s, down, dilation=d))
                inputs = planes[i] * 4
            setattr(self, f"layer{i + 1}", nn.Sequential(*layers))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        low = self.layer1(x)
        return low, self.layer4(self.layer3(self.layer2(low)))


def block(inputs, outputs, kernel):
    conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    return [conv, nn.BatchNorm2d(outputs), nn.ReLU()]


class PlusHead(nn.Module):
    def __init__(self, width, rates, outputs, convolutions, align):
        super().__init__()
        low, wide = channels(48, width), channels(256, width)
        self.project = nn.Sequential(*block(channels(64, width) * 4, low, 1))
        self.aspp = ASPP(channels(512, width) * 4, rates, wide)
        layers = block(low + wide, wide, 3) + (block(wide, wide, 3) if convolutions == 2 else [])
        self.classifier = nn.Sequential(*layers, nn.Conv2d(wide, outputs, 1))
        self.align = align

    def forward(self, low, high):
        low = self.project(low)
        high = F.interpolate(self.aspp(high), size=low.shape[-2:], mode="bilinear", align_corners=self.align)
        return self.classifier(torch.cat([low, high], 1))


class Plus(nn.Module):
    def __init__(self, width, stride, rates, outputs, convolutions, align):
        super().__init__()
        self.backbone = NarrowResNet(width, [False, False, stride == 8, True])
        self.classifier = PlusHead(width, rates, outputs, convolutions, align)

    def forward(self, x):
        return self.classifier(*self.backbone(x))


class Plain(nn.Module):
    """torchvision's DeepLabV3 up to its last upsampling."""

    def __init__(self, stride, rates, outputs):
        super().__init__()
        trunk = ResNet(Bottleneck, [3, 4, 6, 3], replace_stride_with_dilation=[False, stride == 8, True])
        trunk = IntermediateLayerGetter(trunk, {"layer4": "out"})
        net = DeepLabV3(trunk, DeepLabHead(2048, outputs, rates))
        self.backbone, self.classifier = net.backbone, net.classifier

    def forward(self, x):
        return self.classifier(self.backbone(x)["out"])


def background(v, form):
    b = -torch.logsumexp(v, 1, keepdim=True) if form == "neg_lse" else -v.max(1, keepdim=True)[0]
    return torch.cat([b, v], 1)


def logits(case, v):
    up = lambda t: F.interpolate(t, size=(H, W), mode="bilinear", align_corners=case["align_corners"])
    if case["kind"] == "softmax":
        return up(v)
    return up(background(v, case["form"])) if case["at"] == "features" else background(up(v), case["form"])


def loss(case, z, y):
    if case["kind"] != "scribe":
        return F.cross_entropy(z, y, ignore_index=255)
    # The authors' loss: void as background, the mean over all channels.
    y = torch.where(y == 255, 0, y)
    return F.binary_cross_entropy_with_logits(z, F.one_hot(y, CLASSES).permute(0, 3, 1, 2).to(z.dtype))


def digest(name, tensor):
    flat = tensor.detach().double().numpy().ravel()
    signs = [1.0 - 2.0 * (bits(f"{name}#{k}", flat.size) >> np.uint32(31)).astype(np.float64) for k in range(2)]
    return [float(f"{v:.8g}") for v in (np.linalg.norm(flat), flat @ signs[0], flat @ signs[1])]


def samples(z):
    flat = z.detach().numpy().ravel()
    places = bits("samples", SAMPLES).astype(np.uint64) % flat.size
    return [float(f"{v:.8g}") for v in flat[places]]


def batch():
    x = uniform("pictures", N * 3 * H * W).reshape(N, 3, H, W)
    x = (x * np.arange(1, N + 1).reshape(N, 1, 1, 1) + np.array(OFFSETS).reshape(N, 3, 1, 1)).astype(np.float32)
    n, i, j = np.meshgrid(np.arange(N), np.arange(H), np.arange(W), indexing="ij")
    y = (n * 7 + i // 8 + j // 8) % CLASSES
    y[(i + j) % 13 == 0] = 255
    return torch.from_numpy(x).double(), torch.from_numpy(y)


def build(case):
    outputs = CLASSES - (case["kind"] != "softmax")
    if case["decoder"] == "none":
        assert case["width"] == 1
        return Plain(case["stride"], case["rates"], outputs)
    convolutions = {"one": 1, "two": 2}[case["decoder"]]
    return Plus(case["width"], case["stride"], case["rates"], outputs, convolutions, case["align_corners"])


CASES = {
    "v3-os8-softmax": dict(decoder="none", stride=8, rates=[12, 24, 36], width=1, align_corners=False, kind="softmax"),
    "v3-os16-ibe": dict(decoder="none", stride=16, rates=[6, 12, 18], width=1, align_corners=False, kind="ibe",
                        form="neg_lse", at="features"),
    "plus-one-os16-scribe": dict(decoder="one", stride=16, rates=[6, 12, 18], width=1, align_corners=False,
                                 kind="scribe", form="neg_lse", at="features"),
    "plus-two-os16-ibe": dict(decoder="two", stride=16, rates=[6, 12, 18], width=0.25, align_corners=True, kind="ibe",
                              form="neg_max", at="full_size"),
    "plus-one-os8-scribe": dict(decoder="one", stride=8, rates=[12, 24, 36], width=0.25, align_corners=True,
                                kind="scribe", form="neg_lse", at="full_size"),
    "plus-two-os16-softmax": dict(decoder="two", stride=16, rates=[6, 12, 18], width=0.125, align_corners=False,
                                  kind="softmax"),
}


def export(case, dtype=torch.float64):
    model = build(case).to(dtype)
    fill(model)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    x, y = batch()
    x = x.to(dtype)
    with torch.no_grad():
        z = logits(case, model.eval()(x))
        expected = {"case": case, "eval": {"logits": samples(z.double()), "digest": digest("logits", z)}}
    z = logits(case, model.train()(x))
    value = loss(case, z, y)
    value.backward()
    expected["train"] = {
        "logits": samples(z.double()),
        "digest": digest("logits", z),
        "loss": float(f"{value.item():.10g}"),
        "gradients": {name: digest(name, p.grad) for name, p in model.named_parameters()},
        "buffers": {name: digest(name, b) for name, b in model.named_buffers() if b.dtype.is_floating_point},
    }
    return expected


def main():
    here = pathlib.Path(__file__).parent
    for name in sys.argv[1:] or CASES:
        text = json.dumps(export(CASES[name]))
        (here / f"{name}.json").write_text(text.replace("], ", "],\n") + "\n")
        print(name, len(text))


if __name__ == "__main__":
    main()
