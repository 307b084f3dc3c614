"""Confusion matrix, IoU of each class and mIoU by scikit-learn.

Usage: iou.py FILE CLASSES PIXELS, where FILE holds PIXELS bytes of labels and as many of predictions; a label of 255 is void.
Prints the matrix, cell by cell, then each class's IoU (nan where neither map has it), then the mIoU over the others.
"""
import sys

import numpy as np
from sklearn.metrics import confusion_matrix, jaccard_score

path, classes, pixels = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = np.fromfile(path, np.uint8)
truth, pred = data[:pixels], data[pixels:]
seen = truth != 255
truth, pred = truth[seen], pred[seen]
labels = np.arange(classes)
matrix = confusion_matrix(truth, pred, labels=labels)
iou = jaccard_score(truth, pred, labels=labels, average=None, zero_division=0.0)
absent = (matrix.sum(0) + matrix.sum(1)) == 0
present = labels[~absent]
mean = jaccard_score(truth, pred, labels=present, average="macro")
iou[absent] = np.nan
print(" ".join(str(n) for n in matrix.ravel()))
print(" ".join(repr(float(v)) for v in iou))
print(repr(float(mean)))
