//! A drawn set, and a recipe that compares two narrow networks from files of different architectures.

use crate::common::succeed;
use candle_core::{DType, Device, Tensor};
use scribe_model::{Decoder, DeepLabConfig, Model, ObjectiveConfig, Stride, VoidRule};
use std::collections::HashMap;
use std::path::Path;

/// What its networks are trained for.
pub(crate) const SOFTMAX: ObjectiveConfig = ObjectiveConfig::Softmax { void: VoidRule::Ignore };

/// The recipe, which is not in the current folder, and its pictures.
pub(crate) const RECIPE: [&str; 4] = ["--recipe", "recipes/files.toml", "--data", "set"];

/// A folder with `set`, `recipes/files.toml`, and beside that `nets/plus.safetensors` and `nets/plain.safetensors`.
pub(crate) fn world() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let draw = ["data", "synth", "set", "--train", "4", "--val", "3", "--width", "48", "--height", "40"];
    succeed(folder.path(), &draw);
    std::fs::create_dir_all(folder.path().join("recipes/nets")).unwrap();
    std::fs::write(
        folder.path().join("recipes/files.toml"),
        recipe(&[&model("plus", ""), &model("plain", PLAIN)]),
    )
    .unwrap();
    for (name, net) in [("plus", plus()), ("plain", plain())] {
        write(&folder.path().join(format!("recipes/nets/{name}.safetensors")), &net, 21, 1, &[]);
    }
    folder
}

/// The smoke recipe, made small, with these models in the place of its own.
pub(crate) fn recipe(models: &[&str]) -> String {
    let smoke = include_str!("../../recipes/smoke.toml");
    let own = smoke.find("[[models]]").unwrap()..smoke.find("[train]").unwrap();
    let text = smoke.replace(&smoke[own], &models.concat());
    let lines = [
        ("name = \"smoke\"", "name = \"files\""),
        ("width = 0.125", "width = 0.05"),
        ("view = \"squash:64\"", "view = \"squash:40\""),
        ("corruptions = [\"all\", \"elastic_transform_moved_label\"]", "corruptions = [\"contrast\"]"),
        ("severities = [1, 2, 3, 4, 5]", "severities = [5]"),
        ("modes = [\"single\", \"msc\"]", "modes = [\"single\"]"),
    ];
    lines.iter().fold(text, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    })
}

/// A model with a file of its own, and further keys.
pub(crate) fn model(id: &str, more: &str) -> String {
    format!(
        "[[models]]\nid = \"{id}\"\nlabel = \"The {id} one\"\nweights = \"nets/{id}.safetensors\"\n\
         objective = {{ kind = \"softmax\", void = \"ignore\" }}\n{more}\n"
    )
}

/// The keys of a model of the architecture [`plain`].
pub(crate) const PLAIN: &str = "network = { decoder = \"none\", output_stride = 8, rates = [12, 24, 36], \
                                bn_momentum = 0.1, dropout = 0.5, align_corners = false, width = 0.05 }";

/// torchvision's architecture with few channels.
pub(crate) fn plain() -> DeepLabConfig {
    DeepLabConfig { width: 0.05, ..DeepLabConfig::torchvision() }
}

/// That of the recipe.
pub(crate) fn plus() -> DeepLabConfig {
    let (decoder, output_stride, rates) = (Decoder::Two, Stride::Sixteen, [6, 12, 18]);
    DeepLabConfig { decoder, output_stride, rates, dropout: 0.1, ..plain() }
}

/// Writes a network with drawn weights, and more tensors of ones by name.
pub(crate) fn write(path: &Path, net: &DeepLabConfig, classes: usize, seed: u64, more: &[&str]) {
    let model = Model::new(net, &SOFTMAX, classes, seed, &Device::Cpu).unwrap();
    let mut tensors: HashMap<_, _> = model.parameters().state().unwrap().into_iter().collect();
    for name in more {
        tensors.insert((*name).to_owned(), Tensor::ones(3, DType::F32, &Device::Cpu).unwrap());
    }
    candle_core::safetensors::save(&tensors, path).unwrap();
}

/// The arguments of `eval` on the recipe.
pub(crate) fn eval<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["eval"], &RECIPE[..], more].concat()
}
