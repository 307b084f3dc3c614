"""Writes the small PyTorch files beside this script, or (with a folder) larger ones of torchvision's networks.

Run: python make.py               (torch 2.15.0 made the stored files)
     python make.py --live FOLDER (torch and torchvision; the test asks for it when it has a Python)
     python make.py --others FOLDER (torch, numpy, h5py and onnx: files of other programs)
"""
import collections
import pathlib
import sys

import torch

LEGACY = {"_use_new_zipfile_serialization": False}


def numbers(*shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)


def strides():
    """Tensors that do not lie row-major in a storage of their own."""
    base = numbers(10)
    return {
        "channels_last": numbers(1, 2, 2, 3).half().to(memory_format=torch.channels_last),
        "transposed": numbers(2, 3).t(),
        "sliced": base[2:8:2],
        "shared": base[7:],
        "expanded": torch.tensor([5.0]).expand(2, 3),
        "scalar": torch.tensor(7),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(numbers(2)),
    }


def types():
    kinds = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split()
    return {kind: torch.tensor([1, 0, 3]).to(getattr(torch, kind)) for kind in kinds}


class Python2Dict:
    """Pickles as Python 2 pickled an ordered dict: a list of pairs as the argument."""

    def __init__(self, items):
        self.items = items

    def __reduce__(self):
        return collections.OrderedDict, ([[key, value] for key, value in self.items.items()],)


def small(folder):
    trained = {"epoch": 3, "lr": 0.1, "state_dict": collections.OrderedDict({"module.w": numbers(2, 3)})}
    torch.save(trained, folder / "zip.pth")
    torch.save(trained, folder / "legacy.pth", **LEGACY)
    torch.save(trained, folder / "legacy-protocol4.pth", pickle_protocol=4, **LEGACY)
    torch.save(strides(), folder / "strides.pth")
    torch.save(strides(), folder / "legacy-strides.pth", **LEGACY)
    torch.save(types(), folder / "types.pth")
    torch.save(Python2Dict({"w": numbers(2)}), folder / "legacy-python2.pth", **LEGACY)
    torch.save(torch.nn.Linear(1, 1), folder / "module.pth")
    torch.save({"c": torch.zeros(1, dtype=torch.complex64)}, folder / "complex.pth")


def live(folder):
    """A whole DeepLab with its second head in every form, and a trunk as old files have it, with its logits."""
    from safetensors.torch import save_file
    from torchvision.models.segmentation import deeplabv3_resnet50

    torch.manual_seed(1)
    net = deeplabv3_resnet50(weights=None, weights_backbone=None, aux_loss=True, num_classes=21).eval()
    state = net.state_dict()
    torch.save(state, folder / "zip.pth")
    torch.save(state, folder / "legacy.pth", **LEGACY)
    old = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    torch.save(old, folder / "no-counters.pth", **LEGACY)
    net.to(memory_format=torch.channels_last)
    torch.save({"model": net.state_dict()}, folder / "channels-last.pth")
    pictures = torch.randn(1, 3, 65, 97)
    with torch.no_grad():
        save_file({"pictures": pictures, "logits": net(pictures)["out"].contiguous()}, folder / "batch.safetensors")


def others(folder):
    """The same tensor in files that are no weights, each of which a command converts."""
    import gzip
    import pickle

    import h5py
    import numpy
    import onnx

    array = numpy.arange(3, dtype=numpy.float32)
    numpy.savez(folder / "arrays.npz", w=array)
    numpy.save(folder / "array.npy", array)
    with h5py.File(folder / "keras.h5", "w") as file:
        file["conv/kernel"] = array
    initial = onnx.numpy_helper.from_array(array, "w")
    graph = onnx.helper.make_graph([], "empty", [], [], initializer=[initial])
    onnx.save(onnx.helper.make_model(graph), folder / "net.onnx")
    (folder / "plain.pkl").write_bytes(pickle.dumps({"w": torch.arange(3)}))
    torch.save({"w": torch.arange(3)}, folder / "packed.pth")
    packed = (folder / "packed.pth").read_bytes()
    (folder / "packed.pth").write_bytes(gzip.compress(packed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--live"]:
        live(pathlib.Path(sys.argv[2]))
    elif sys.argv[1:2] == ["--others"]:
        others(pathlib.Path(sys.argv[2]))
    else:
        small(pathlib.Path(__file__).parent)
