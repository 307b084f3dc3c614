"""Prints what PyTorch says about small cases of every operator, as JSON: `python parity.py > torch.json`.

Inputs follow the formula of support.rs. For each case: the result's shape, a sum weighted by the formula, and up to 24
evenly spread elements; then the same for the gradient of every input under that weighted sum.
"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(0)


def wave(shape, seed, scale=1.0):
    count = 1
    for s in shape:
        count *= s
    i = torch.arange(count, dtype=torch.int64)
    v = ((i * 7919 + seed * 104729 + 13) % 10007).double() / 5003.5 - 1.0
    return (v * scale).reshape(shape)


def labels(n, h, w, classes, void):
    c = (torch.arange(n * h * w) * 31 + 7) % (classes + int(void))
    c[c == classes] = 255
    return c.reshape(n, h, w)


def describe(t):
    flat = t.detach().double().flatten()
    step = max(1, flat.numel() // 24)
    weight = wave(flat.shape, 98)
    return {
        "shape": list(t.shape),
        "sum": float((flat * weight).sum()),
        "norm": float(flat.norm()),
        "every": step,
        "values": [float(f"{v:.9g}") for v in flat[::step][:24]],
    }


def case(name, inputs, f, dtype=torch.float64):
    # The inputs are those of f32, the sums are exact. Resizing stays in f32, whose rounded positions are part of the result.
    inputs = [i.float().to(dtype).requires_grad_() for i in inputs]
    y = f(*inputs)
    weight = wave(y.shape, 99).float().to(dtype) if y.dim() else torch.tensor(1.0, dtype=dtype)
    (y * weight).sum().backward()
    return {"name": name, "y": describe(y), "gradients": [describe(i.grad) for i in inputs]}


def conv(h, w, ci, co, k, s, p, d):
    return case(
        f"conv2d {h}x{w} {ci}>{co} k{k} s{s} p{p} d{d}",
        [wave((2, ci, h, w), 1), wave((co, ci, k, k), 2, 0.2), wave((co,), 3)],
        lambda x, w, b: F.conv2d(x, w, b, s, p, d),
    )


def norm(name, residual, relu, train):
    inputs = [wave((3, 5, 7, 6), 1, 2.0), wave((5,), 2, 1.5), wave((5,), 3, 0.5)]
    inputs += [wave((3, 5, 7, 6), 4)] if residual else []

    def f(x, g, b, r=None):
        mean, var = wave((5,), 5, 0.3).float(), (wave((5,), 6, 0.4) + 1).float()
        mean, var = mean.to(x.dtype), var.to(x.dtype)
        y = F.batch_norm(x, mean, var, g, b, training=train, eps=1e-5)
        y = y + r if residual else y
        return F.relu(y) if relu else y

    return case(name, inputs, f)


def resize(h, w, oh, ow, align):
    return case(
        f"bilinear {h}x{w} {oh}x{ow} {align}".lower(),
        [wave((2, 3, h, w), 1)],
        lambda x: F.interpolate(x, (oh, ow), mode="bilinear", align_corners=align),
        torch.float32,
    )


def losses():
    z = [wave((2, 6, 5, 7), 1, 80.0)]
    for void in (False, True):
        t = labels(2, 5, 7, 6, void)
        keep = t != 255
        bg = torch.where(keep, t, 0)
        hot = F.one_hot(bg, 6).permute(0, 3, 1, 2).double()
        full = lambda z: F.binary_cross_entropy_with_logits(z, hot, reduction="none")
        only = lambda z: -F.logsigmoid(z.gather(1, bg[:, None]))[:, 0]
        yield case(f"cross_entropy {void}".lower(), z, lambda z: F.cross_entropy(z, t, ignore_index=255))
        yield case(f"bce sum background {void}".lower(), z, lambda z: full(z).sum(1).mean())
        yield case(f"bce mean background {void}".lower(), z, lambda z: full(z).mean(1).mean())
        yield case(f"bce sum ignore {void}".lower(), z, lambda z: full(z).sum(1)[keep].mean())
        yield case(f"positive background {void}".lower(), z, lambda z: only(z).mean())
        yield case(f"positive ignore {void}".lower(), z, lambda z: only(z)[keep].mean())


cases = [
    conv(9, 11, 3, 16, 7, 2, 3, 1),
    conv(14, 14, 16, 24, 3, 1, 1, 1),
    conv(14, 14, 16, 24, 3, 1, 6, 6),
    conv(14, 14, 16, 24, 3, 1, 18, 18),
    conv(97, 131, 4, 8, 3, 2, 1, 1),
    conv(13, 17, 24, 16, 1, 2, 0, 1),
    conv(13, 17, 24, 16, 1, 1, 0, 1),
    norm("norm train", False, False, True),
    norm("norm train relu", False, True, True),
    norm("norm train residual relu", True, True, True),
    norm("norm eval relu", False, True, False),
    norm("norm eval residual relu", True, True, False),
    case("max_pool", [wave((2, 3, 97, 131), 1)], lambda x: F.max_pool2d(x, 3, 2, 1)),
    case("avg_pool", [wave((2, 3, 9, 13), 1)], lambda x: F.adaptive_avg_pool2d(x, 1)),
    case("log_sigmoid", [wave((200,), 1, 120.0)], F.logsigmoid),
    case("neg_lse", [wave((2, 20, 5, 3), 1, 80.0)], lambda v: -torch.logsumexp(v, 1, keepdim=True)),
    case("neg_max", [wave((2, 20, 5, 3), 1, 80.0)], lambda v: -v.max(1, keepdim=True)[0]),
    *(resize(*s, a) for s in ((7, 9, 25, 33), (13, 17, 97, 131), (1, 1, 14, 14), (20, 30, 9, 7)) for a in (False, True)),
    *losses(),
]
print(json.dumps({"torch": torch.__version__, "cases": cases}, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"'))
