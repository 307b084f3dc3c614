"""Writes formula.mat and formula-plain.mat beside itself, in the layout of SBD's `cls` files (scipy 1.17.1).

Segmentation is 13 rows by 17 columns, row y and column x holding (5 x + 3 y) mod 22, where 21 stands for 255.
SBD's own files are compressed; the plain one tests the same reader without zlib.
"""

import pathlib

import numpy as np
import scipy.io
import scipy.sparse

y, x = np.mgrid[:13, :17]
values = (5 * x + 3 * y) % 22
segmentation = np.where(values == 21, 255, values).astype(np.uint8)
boundaries = np.empty((20, 1), dtype=object)
for index in range(20):
    boundaries[index, 0] = scipy.sparse.csc_matrix(segmentation == index + 1)
content = {
    "Boundaries": boundaries,
    "Segmentation": segmentation,
    "CategoriesPresent": np.arange(1, 21, dtype=np.uint8).reshape(20, 1),
}
here = pathlib.Path(__file__).parent
for name, compressed in [("formula.mat", True), ("formula-plain.mat", False)]:
    path = here / name
    scipy.io.savemat(path, {"GTcls": content}, do_compression=compressed)
    # The header's text carries the date; blank it, so that the file depends on the formula alone.
    data = bytearray(path.read_bytes())
    data[:116] = b"MATLAB 5.0 MAT-file".ljust(116)
    path.write_bytes(data)
