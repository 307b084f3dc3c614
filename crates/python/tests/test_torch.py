"""The parts for torch and torchvision."""

import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from support import formula

from scribe_corruptions import Evaluator, apply_all, corrupt, corrupt_batch, seed_for

torch = pytest.importorskip("torch")
vision = pytest.importorskip("torchvision")
pillow = pytest.importorskip("PIL.Image")

from torch.utils.data import DataLoader, Subset  # noqa: E402
from torchvision import tv_tensors  # noqa: E402
from torchvision.transforms import v2  # noqa: E402

from scribe_corruptions.torch import CorruptedDataset  # noqa: E402
from scribe_corruptions.torchvision import Corrupt  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::scribe_corruptions.FrostWarning")
CLEAN = formula(48, 40)


class Pictures:
    """Tensors, with their number as label."""

    def __len__(self):
        return 5

    def __getitem__(self, number):
        if number >= 5:
            raise IndexError(number)
        return torch.from_numpy(formula(40 + number, 36)).permute(2, 0, 1), number


def items(dataset, workers):
    loader = DataLoader(dataset, batch_size=None, num_workers=workers)
    return [(sample.picture.numpy().tobytes(), sample.label, sample.condition, sample.seed) for sample in loader]


def test_workers_do_not_change_samples():
    conditions = ["clean", "gaussian_noise:3", ("glass_blur", 1), "fog:5", "frost:2"]
    dataset = CorruptedDataset(Pictures(), conditions, ids=[f"p{n}" for n in range(5)])
    alone = items(dataset, 0)
    assert len(alone) == len(dataset) == 25
    assert items(dataset, 1) == items(dataset, 3) == alone
    picture, label, condition, seed = alone[2 * 5 + 3]
    assert (label, condition, seed) == (2, "fog:5", seed_for(2020, "p2", "fog", 5))
    expected = corrupt(formula(42, 36), 5, "fog", seed=seed)
    assert picture == expected.transpose(2, 0, 1).tobytes()
    assert alone[0][2:] == ("clean", 0)


def test_every_type_of_picture():
    array, other = CLEAN, pillow.fromarray(CLEAN)
    tensor = torch.from_numpy(CLEAN).permute(2, 0, 1)
    dataset = CorruptedDataset([(array, 0), (other, 1), (tensor, 2)], ["fog:3"], ids=lambda number: "same")
    first, second, third = (dataset[n].picture for n in range(3))
    assert isinstance(second, pillow.Image) and isinstance(third, torch.Tensor)
    assert np.array_equal(first, np.asarray(second))
    assert np.array_equal(first, third.permute(1, 2, 0).numpy())
    assert np.array_equal(first, apply_all(CLEAN, image_id="same")["fog:3"])


def test_a_loop_of_torch_fills_an_evaluator_and_resumes(tmp_path):
    """Pictures from a loader's workers, logits of half the size from a network: the rows of a loop in NumPy."""
    network = torch.nn.Conv2d(3, 4, 3, stride=2)
    torch.nn.init.uniform_(network.weight, -1, 1, generator=torch.Generator().manual_seed(1))
    names = [f"p{n}" for n in range(5)]
    pictures = [(picture, picture[0].long() % 4) for picture, _ in Pictures()]
    dataset = CorruptedDataset(pictures, ["clean", "gaussian_noise:3", "snow:1"], ids=names)

    def predict(picture):
        return network(picture[None].float() / 255)[0]

    def loop(folder, stop=None):
        with Evaluator(4, ["a", "b", "c", "d"], folder, images=names) as evaluator:
            # The clean logits are compared with those of the corrupted pictures: they are given again.
            keys = [dataset.key(index) for index in range(len(dataset))]
            left = [index for index, key in enumerate(keys) if key[1] == "clean" or not evaluator.done(*key)]
            for sample in DataLoader(Subset(dataset, left[:stop]), batch_size=None, num_workers=2):
                picture = sample.picture
                evaluator.add(sample.image_id, sample.condition, sample.label, predict(picture), picture=picture)
            evaluator.report()

    loop(tmp_path / "whole" / "run")
    loop(tmp_path / "parts" / "run", 7)
    loop(tmp_path / "parts" / "run")
    with Evaluator(4, ["a", "b", "c", "d"], tmp_path / "numpy" / "run", images=names) as evaluator:
        for name, (tensor, label) in zip(names, pictures):
            clean = tensor.permute(1, 2, 0).numpy()
            for condition in ("clean", "gaussian_noise:3", "snow:1"):
                seen = clean if condition == "clean" else corrupt_batch([clean], condition, ids=[name])[0]
                with torch.no_grad():
                    logits = predict(torch.from_numpy(seen).permute(2, 0, 1)).numpy()
                evaluator.add(name, condition, label.numpy(), logits, picture=seen)
    folders = [tmp_path / name / "run" for name in ("whole", "parts", "numpy")]
    whole, parts, by_numpy = map(every_row, folders)
    assert whole == parts == by_numpy
    assert [len(whole[table]) for table in ("inputs", "calibration", "panels")] == [15, 15, 12]


def every_row(folder):
    with sqlite3.connect(folder / "store.sqlite") as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: store.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_without_conditions_there_are_76():
    dataset = CorruptedDataset([(CLEAN, "label")], transform=lambda picture: picture.shape)
    assert len(dataset) == 76
    assert dataset[0] == ((40, 48, 3), "label", "clean", 0, "0")
    assert (dataset.key(0), dataset.key(-1)) == (("0", "clean"), ("0", "jpeg_compression:5"))
    assert dataset[-1].condition == "jpeg_compression:5"
    with pytest.raises(IndexError):
        dataset[76]
    some = CorruptedDataset([(CLEAN, "label")], corruptions=["noise", "fog"], severities=[2, 4])
    assert [some.key(n)[1] for n in (0, 1, 2, 8)] == ["clean", "gaussian_noise:2", "gaussian_noise:4", "fog:4"]
    assert len(some) == 9


def test_wrong_data_is_refused():
    with pytest.raises(ValueError, match="1 ids for 2"):
        CorruptedDataset([(CLEAN, 0)] * 2, ids=["a"])
    with pytest.raises(ValueError, match="ids='ab': one id .expected a list of ids"):
        CorruptedDataset([(CLEAN, 0)] * 2, ids="ab")
    with pytest.raises(ValueError, match="ids: 'a' is there twice"):
        CorruptedDataset([(CLEAN, 0)] * 3, ids=["a", "b", "a"])
    with pytest.raises(ValueError, match="conditions beside corruptions"):
        CorruptedDataset([(CLEAN, 0)], ["fog:3"], severities=3)
    with pytest.raises(ValueError, match="NAME:SEVERITY"):
        CorruptedDataset([(CLEAN, 0)], ["fog"])
    with pytest.raises(ValueError, match="mode P"):
        CorruptedDataset([(pillow.fromarray(CLEAN).convert("P"), 0)], ["fog:3"])[0]
    with pytest.raises(TypeError, match="type list"):
        CorruptedDataset([(CLEAN.tolist(), 0)], ["fog:3"])[0]
    with pytest.raises(AttributeError, match="float32 .expected uint8: corrupt it before ToTensor, ToDtype or Normalize"):
        Corrupt("fog", 3)(torch.zeros(3, 40, 48))
    with pytest.raises(AttributeError, match="uint8"):
        CorruptedDataset([(torch.zeros(3, 40, 48), 0)], ["fog:3"])[0]


def test_the_transform_corrupts_pictures_and_nothing_else():
    image = tv_tensors.Image(torch.from_numpy(CLEAN).permute(2, 0, 1))
    mask = tv_tensors.Mask(torch.ones(40, 48, dtype=torch.uint8))
    transform = v2.Compose([Corrupt("noise", 3), v2.Identity()])
    torch.manual_seed(1)
    made, same, label = transform(image, mask, 7)
    assert isinstance(made, tv_tensors.Image) and made.shape == image.shape and made.dtype == torch.uint8
    assert not torch.equal(made, image) and torch.equal(same, mask) and label == 7
    torch.manual_seed(1)
    assert torch.equal(transform(image, mask, 7)[0], made)
    assert not torch.equal(transform(image, mask, 7)[0], made)


def test_the_transform_takes_pictures_of_pillow_and_batches():
    transform = Corrupt("fog", 3)
    torch.manual_seed(2)
    made = transform(pillow.fromarray(CLEAN))
    torch.manual_seed(2)
    tensor = torch.from_numpy(CLEAN).permute(2, 0, 1)
    batch = transform(torch.stack([tensor, tensor]))
    assert np.array_equal(np.asarray(made), batch[0].permute(1, 2, 0).numpy())
    assert not torch.equal(batch[0], batch[1]), "each picture of a batch has a seed of its own"
    assert "1 conditions" in repr(transform)


def test_wrong_transforms_are_refused():
    with pytest.raises(KeyError, match="fogg"):
        Corrupt("fogg")
    with pytest.raises(AttributeError, match="Severity"):
        Corrupt("fog", 6)
    with pytest.raises(ValueError, match="at least one"):
        Corrupt([])


def test_frameworks_are_imported_only_when_asked_for():
    script = "import sys, scribe_corruptions; sys.exit(any(m in sys.modules for m in ('torch', 'torchvision', 'PIL')))"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
