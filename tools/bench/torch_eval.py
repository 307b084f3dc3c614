"""The other side of `cargo xtask bench evaluation`: pictures under 76 conditions by three networks, in PyTorch.

Run: python torch_eval.py PICTURES SIDE THREADS WORKERS; the last line says `seconds N`.
Needs torch, torchvision and imagecorruptions (its numba fork, imagecorruptions-imaug, is the faster one). A dataset corrupts
one picture under one condition; a DataLoader with WORKERS processes (0: none) hands batches of four to the networks of
torch_rates.py in channels-last order; classes are counted against a label map.
"""
import os
import sys
import time

THREADS = int(sys.argv[3])
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = str(THREADS)

import cv2
import numpy as np
import torch
from imagecorruptions import corrupt, get_corruption_names
from torch.utils.data import DataLoader, Dataset

from torch_rates import CLASSES, Plus

MEAN = torch.tensor([0.485, 0.456, 0.406])
STD = torch.tensor([0.229, 0.224, 0.225])
CONDITIONS = [None] + [(name, severity) for name in get_corruption_names() for severity in range(1, 6)]


def picture(index, side):
    """Coloured blobs with some noise, about as rough as a photograph."""
    draw = np.random.default_rng(index)
    coarse = cv2.resize(draw.integers(0, 256, (7, 7, 3), np.uint8), (side, side), interpolation=cv2.INTER_CUBIC)
    return np.clip(coarse.astype(int) + draw.integers(-12, 13, coarse.shape), 0, 255).astype(np.uint8)


class Corrupted(Dataset):
    def __init__(self, pictures, side):
        self.pictures = [picture(i, side) for i in range(pictures)]

    def __len__(self):
        return len(self.pictures) * len(CONDITIONS)

    def __getitem__(self, index):
        image, condition = self.pictures[index // len(CONDITIONS)], CONDITIONS[index % len(CONDITIONS)]
        if condition is not None:
            np.random.seed(index)
            image = corrupt(image, corruption_name=condition[0], severity=condition[1])
        values = (torch.from_numpy(np.array(image)).float() / 255 - MEAN) / STD
        return values.permute(2, 0, 1), index


def main():
    pictures, side, threads, workers = map(int, sys.argv[1:5])
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    # Compiles what numba compiles, and caches it for the workers.
    for condition in CONDITIONS[1::5]:
        corrupt(picture(0, side), corruption_name=condition[0], severity=3)
    models = [Plus(16).to(memory_format=torch.channels_last).eval() for _ in range(3)]
    label = torch.arange(side * side).reshape(side, side) // 64 % CLASSES
    confusion = torch.zeros(3, len(CONDITIONS), CLASSES * CLASSES, dtype=torch.int64)
    loader = DataLoader(Corrupted(pictures, side), batch_size=4, num_workers=workers)
    begun = time.perf_counter()
    with torch.inference_mode():
        for x, indices in loader:
            x = x.contiguous(memory_format=torch.channels_last)
            for number, model in enumerate(models):
                for classes, index in zip(model(x).argmax(1), indices.tolist()):
                    cells = (label * CLASSES + classes).flatten()
                    confusion[number, index % len(CONDITIONS)] += torch.bincount(cells, minlength=CLASSES * CLASSES)
    seconds = time.perf_counter() - begun
    assert confusion.sum() == 3 * len(CONDITIONS) * pictures * side * side
    print("seconds", seconds)


if __name__ == "__main__":
    main()
