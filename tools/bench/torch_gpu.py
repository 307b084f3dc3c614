"""The other side of `cargo xtask gpu bench`: the cases of crates/train/examples/rates in PyTorch on a GPU.

Run: python torch_gpu.py cuda|cpu; a line in is a case, a line out the seconds of one run. Needs torch and torchvision.
Networks are those of torch_rates.py, in channels-last order, with cudnn.benchmark; bf16 is autocast; `/compile` at the end of a
case asks for torch.compile, and `/deterministic` for cudnn.deterministic; `memory` asks for the most bytes of tensors since the last such question. Networks that were set
up are kept, so that sides can take turns.
"""
import contextlib
import sys
import time

import torch
import torch.nn.functional as F

from torch_rates import CLASSES, V3, Plus

NETWORKS = {"plus16": lambda: Plus(16), "plus8": lambda: Plus(8), "v3": V3}


def set_flags(precision, how):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.deterministic = how == "deterministic"


def network(what, name, batch, precision, device, how="eager"):
    count, side = map(int, batch.split("x"))
    set_flags(precision, how)
    low = torch.autocast(device, torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
    model = NETWORKS[name]().to(device, memory_format=torch.channels_last)
    forward = torch.compile(model) if how == "compile" else model
    x = torch.randn(count, 3, side, side, device=device).to(memory_format=torch.channels_last)
    if what == "infer":
        model.eval()

        def infer():
            set_flags(precision, how)
            with torch.inference_mode(), low:
                forward(x)

        return infer
    y = torch.arange(count * side * side, device=device).reshape(count, side, side) // 64 % CLASSES
    sgd = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-5, fused=device == "cuda")

    def step():
        set_flags(precision, how)
        sgd.zero_grad(set_to_none=True)
        with low:
            loss = F.cross_entropy(forward(x), y)
        loss.item()
        loss.backward()
        sgd.step()

    return step


def loss_of(objective, v, y):
    """The loss from outputs as in METHODOLOGY.md: upsampling, the background's logit, the mean over pixels but void ones."""
    z = F.interpolate(v, size=y.shape[-2:], mode="bilinear", align_corners=False).float()
    if objective != "softmax":
        z = torch.cat([-torch.logsumexp(z, 1, keepdim=True), z], 1)
    if objective != "scribe":
        return F.cross_entropy(z, y, ignore_index=255)
    counted = y != 255
    own = z.gather(1, torch.where(counted, y, 0).unsqueeze(1)).squeeze(1)
    losses = F.softplus(z).sum(1) - own
    return (losses * counted).sum() / counted.sum()


def head(objective, sizes, precision, how, device):
    count, inner, outer = map(int, sizes.split("x"))
    outputs = CLASSES if objective == "softmax" else CLASSES - 1
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    v = torch.randn(count, outputs, inner, inner, device=device, dtype=dtype, requires_grad=True)
    y = torch.arange(count * outer * outer, device=device).reshape(count, outer, outer) // 64 % CLASSES
    loss = torch.compile(loss_of) if how == "compile" else loss_of
    return lambda: torch.autograd.grad(loss(objective, v, y), v)


def set_up(name, device):
    kind, *rest = name.split("/")
    if kind in ("step", "infer"):
        return network(kind, *rest[:3], device, *rest[3:])
    if kind == "head":
        return head(*rest, device)
    raise ValueError(f"unknown case {name!r}")


def most_memory(device):
    if device != "cuda":
        return 0
    most = torch.cuda.max_memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    return most


def main():
    device = sys.argv[1]
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    torch.backends.cudnn.benchmark = True
    runs = {}
    for line in sys.stdin:
        name = line.strip()
        if name == "memory":
            print(most_memory(device), flush=True)
            continue
        run = runs.get(name)
        if run is None:
            # Cases of another network, batch or precision are over.
            torch.compiler.reset()
            runs = {known: old for known, old in runs.items() if known.startswith(name.removesuffix("/compile"))}
            run = runs[name] = set_up(name, device)
            # The first runs choose algorithms (and compile, where asked to).
            for _ in range(2):
                run()
            wait()
        start = time.perf_counter()
        run()
        wait()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
