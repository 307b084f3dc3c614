//! Public data sets' layouts with four drawn pictures in each list.

use scribe_dataset::image::{Rgb, RgbImage};
use scribe_dataset::write_png;
use std::fs;
use std::path::Path;

/// Width and height of the pictures: four stripes of 12 pixels.
const SIZE: (u32, u32) = (48, 40);

/// What the label files hold in each stripe.
enum Labels {
    Bytes([u8; 4]),
    Words([u16; 4]),
    Colours([[u8; 3]; 4]),
}

/// A data set: the recipe's `[data]`, and what is drawn.
pub(crate) struct Miniature {
    /// A name of its folder that suggests what it is.
    pub(crate) folder: &'static str,
    /// The recipe's `[data]`.
    pub(crate) data: &'static str,
    /// The ids of the training and of the test pictures.
    ids: [[&'static str; 4]; 2],
    labels: Labels,
    /// A classes file, written beside the data's folder.
    classes: Option<&'static str>,
}

/// Everything of a recipe but `[data]` and its models.
pub(crate) const RECIPE: &str = r#"
[model]
decoder = "two"
output_stride = 16
rates = [6, 12, 18]
bn_momentum = 0.1
dropout = 0.1
align_corners = false
width = 0.05

[train]
pretrained = false
short_side = [40, 40]
crop = 32
jitter = [0, 0, 0, 0]
flip = true
batch = 4
epochs = 1
steps = 1
lr_backbone = 0.05
lr_head = 0.05
momentum = 0.9
weight_decay = 1e-4
poly = { power = 0.9, per = "step" }
validate_every = 0

[eval]
view = "native"
limit = 0
suite = "imagecorruptions"
corruptions = ["contrast"]
severities = [3]
modes = ["single"]
scales = [1.0]
flip = true
master_seed = 2020
records = ["calibration"]
moment_blocks = 16
calibration_bins = 15
panels = 1
"#;

/// One model.
pub(crate) const SOFTMAX: &str = r#"
[[models]]
id = "softmax"
label = "Softmax"
objective = { kind = "softmax", void = "ignore" }
"#;

/// All objectives.
pub(crate) const ALL_THREE: &str = r#"
[[models]]
id = "softmax"
label = "Softmax"
objective = { kind = "softmax", void = "ignore" }
[[models]]
id = "ibe"
label = "IBE"
objective = { kind = "ibe", background = { form = "neg_lse", at = "features" }, void = "ignore" }
[[models]]
id = "scribe"
label = "SCrIBE"
objective = { kind = "scribe", background = { form = "neg_lse", at = "features" }, bce = "full", reduce = "sum", void = "ignore" }
"#;

/// Two cities in each list, label maps with ids.
pub(crate) fn cityscapes() -> Miniature {
    Miniature {
        folder: "city",
        data: r#"name = "my"
source = "ours"
seeds = [1]
[data]
classes = "cityscapes"
[data.train]
pictures = "leftImg8bit/train/{id}_leftImg8bit.png"
labels   = "gtFine/train/{id}_gtFine_labelIds.png"
[data.val]
pictures = "leftImg8bit/val/{id}_leftImg8bit.png"
labels   = "gtFine/val/{id}_gtFine_labelIds.png"
"#,
        ids: [
            ["aachen/aachen_0", "aachen/aachen_1", "ulm/ulm_0", "ulm/ulm_1"],
            ["bonn/bonn_0", "bonn/bonn_1", "jena/jena_0", "jena/jena_1"],
        ],
        labels: Labels::Bytes([7, 24, 33, 4]),
        classes: None,
    }
}

/// Values from 1 on, 0 is unlabelled.
pub(crate) fn ade20k() -> Miniature {
    Miniature {
        folder: "ADEChallengeData2016",
        data: r#"name = "my"
source = "ours"
seeds = [1]
[data]
classes = "ade20k"
[data.train]
pictures = "images/training/{id}.png"
labels   = "annotations/training/{id}.png"
[data.val]
pictures = "images/validation/{id}.png"
labels   = "annotations/validation/{id}.png"
"#,
        ids: [
            ["ADE_train_1", "ADE_train_2", "ADE_train_3", "ADE_train_4"],
            ["ADE_val_1", "ADE_val_2", "ADE_val_3", "ADE_val_4"],
        ],
        labels: Labels::Bytes([1, 13, 150, 0]),
        classes: None,
    }
}

/// Pictures and label maps under the same names, in folders called after the lists.
pub(crate) fn coco_stuff() -> Miniature {
    Miniature {
        folder: "coco",
        data: r#"name = "my"
source = "ours"
seeds = [1]
[data]
classes = "coco-stuff-171"
[data.train]
pictures = "train2017/{id}.png"
labels   = "stuffthingmaps/train2017/{id}.png"
[data.val]
pictures = "val2017/{id}.png"
labels   = "stuffthingmaps/val2017/{id}.png"
"#,
        ids: [
            ["000000000001", "000000000002", "000000000003", "000000000004"],
            ["000000000101", "000000000102", "000000000103", "000000000104"],
        ],
        labels: Labels::Bytes([0, 91, 181, 255]),
        classes: None,
    }
}

/// A classes file, label maps of 16 bits beside the pictures.
pub(crate) fn words() -> Miniature {
    Miniature {
        folder: "words",
        data: r#"name = "my"
source = "ours"
seeds = [1]
[data]
classes = "three.toml"
[data.train]
pictures = "train/{id}.png"
labels   = "train/{id}_mask.png"
[data.val]
pictures = "val/{id}.png"
labels   = "val/{id}_mask.png"
"#,
        ids: [["a 1", "a 2", "a 3", "a 4"], ["b1", "b2", "b3", "b4"]],
        labels: Labels::Words([0, 300, 40000, 65535]),
        classes: Some(
            r#"name = "three"
ignore = [65535]
classes = [{ name = "ground", values = [0] }, { name = "person", values = [300] }, { name = "house", values = [40000] }]
"#,
        ),
    }
}

/// The same with label maps saved in colour.
pub(crate) fn colours() -> Miniature {
    Miniature {
        folder: "colours",
        labels: Labels::Colours([[0, 0, 0], [220, 20, 60], [0, 0, 255], [255, 255, 255]]),
        classes: Some(
            r##"name = "three"
ignore_colours = ["#ffffff"]
classes = [
  { name = "ground", colours = ["#000000"] },
  { name = "person", colours = ["#dc143c"] },
  { name = "house", colours = ["#0000ff"] },
]
"##,
        ),
        ..words()
    }
}

impl Miniature {
    /// The ids of the test pictures.
    pub(crate) fn test_ids(&self) -> [&'static str; 4] {
        self.ids[1]
    }

    /// Draws the set into `root`, and writes its classes file beside it.
    pub(crate) fn draw(&self, root: &Path) {
        let templates = |key: &str| {
            let lines = self.data.lines().filter(|line| line.starts_with(key));
            lines.map(|line| line.split('"').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (pictures, labels) = (templates("pictures"), templates("labels"));
        for (list, ids) in self.ids.iter().enumerate() {
            for (number, id) in ids.iter().enumerate() {
                let path = |template: &str| {
                    let path = root.join(template.replace("{id}", id));
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    path
                };
                write_png(&path(&pictures[list]), &picture(number as u32)).unwrap();
                self.labels.write(&path(&labels[list]));
            }
        }
        if let Some(text) = self.classes {
            fs::write(root.parent().unwrap().join("three.toml"), text).unwrap();
        }
    }
}

/// Four stripes with a slope, so that no two pixels beside each other are equal.
fn picture(number: u32) -> RgbImage {
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let stripe = x / 12 * 60;
        Rgb([stripe, stripe + 3 * x % 50, 5 * y + 20 * number].map(|value| (value % 256) as u8))
    })
}

/// A grey PNG of 8 bits, `width` pixels wide.
pub(crate) fn grey(values: &[u8], width: u32) -> Vec<u8> {
    use scribe_dataset::image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
    let mut file = Vec::new();
    let height = values.len() as u32 / width;
    PngEncoder::new(&mut file).write_image(values, width, height, ExtendedColorType::L8).unwrap();
    file
}

impl Labels {
    fn write(&self, path: &Path) {
        use scribe_dataset::image::{ImageBuffer, Luma};
        let stripe = |x: u32| (x / 12) as usize;
        match self {
            Labels::Bytes(values) => {
                let all: Vec<u8> = (0..SIZE.0 * SIZE.1).map(|at| values[stripe(at % SIZE.0)]).collect();
                fs::write(path, grey(&all, SIZE.0)).unwrap();
            }
            Labels::Words(values) => {
                let map =
                    ImageBuffer::<Luma<u16>, _>::from_fn(SIZE.0, SIZE.1, |x, _| Luma([values[stripe(x)]]));
                map.save(path).unwrap();
            }
            Labels::Colours(colours) => {
                write_png(path, &RgbImage::from_fn(SIZE.0, SIZE.1, |x, _| Rgb(colours[stripe(x)]))).unwrap();
            }
        }
    }
}
