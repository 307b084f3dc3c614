//! The folder in which the documents' shell blocks run: what a reader would have at hand, drawn, under the names that
//! the documents use.

use crate::common::succeed;
use candle_core::{Device, Tensor, safetensors};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Settings so small that a run takes seconds, given as the variable `SCRIBE_SET`, so that the lines run as printed.
const SMALL: &str = "train.epochs=0 train.steps=1 train.batch=2 train.crop=32 train.short_side=[32,48] \
                     model.width=0.0625 eval.limit=2 eval.corruptions=[\"fog\",\"contrast\"] eval.severities=[3] \
                     eval.scales=[1.0] eval.flip=false";

/// `cargo` as the blocks see it: two of its commands are the program, and no other may stand in a block that is run.
const CARGO: &str = r#"#!/bin/sh
case "$1 $2" in
"xtask reproduce") shift 2 && exec scribe reproduce "$@" ;;
"run --release")
    while [ "$1" != "--" ]; do shift; done
    shift && exec scribe "$@" ;;
esac
echo "cargo $*: this line belongs into a block that is fenced \`sh no_run\`" >&2
exit 1
"#;

/// The program. Where it is asked to score the reader's own predictions, the reader has predicted first.
const SCRIBE: &str = r#"#!/bin/sh
case "$*" in *"--predictions PRED"*) [ -d PRED ] || predict ;; esac
exec "PROGRAM" "$@"
"#;

/// The reader's own network: FORMAT.md's Python where there is a Python for it (`predict.py`), else one label map for all.
const PREDICT: &str = r#"#!/bin/sh
if [ -f predict.py ]; then exec "$SCRIBE_PYTHON" predict.py; fi
for picture in VOC-C224/*/*/*.png; do
    map="PRED/${picture#VOC-C224/}"
    mkdir -p "${map%/*}" && cp halves.png "$map"
done
"#;

/// The folder, and what it holds.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// Draws the sets, the picture, SBD, the backbone and the recipe.
    pub(crate) fn new() -> World {
        let world = World { folder: tempfile::tempdir().expect("a temporary folder") };
        world.put_programs();
        let small = ["--train", "4", "--val", "2", "--width", "64", "--height", "48"];
        succeed(world.path(), &[&["data", "synth", "VOC2012"], &small[..]].concat());
        std::fs::create_dir(world.path().join("VOCdevkit")).expect("a new folder");
        for (name, target) in [("VOCdevkit/VOC2012", "../VOC2012"), ("MY_VOC", "VOC2012")] {
            std::os::unix::fs::symlink(target, world.path().join(name)).expect("a new link");
        }
        world.put_own_data();
        let picture = world.path().join("VOC2012/JPEGImages/synth_000000.jpg");
        std::fs::copy(picture, world.path().join("cat.jpg")).expect("a picture was drawn");
        world.put_recipe();
        world.put_sbd();
        world.put_backbone();
        world
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A program that finds `scribe` and the stand-in of `cargo` first, and nothing of this machine's settings.
    pub(crate) fn command(&self, program: &str) -> Command {
        let own = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.path().join("bin")).chain(std::env::split_paths(&own));
        let mut command = Command::new(program);
        command.current_dir(self.path()).env("PATH", std::env::join_paths(folders).expect("a PATH"));
        command.env("XDG_CACHE_HOME", self.path().join("no-cache")).env("SCRIBE_SET", SMALL);
        command
    }

    /// `MY_DATA`: the pictures of `VOC2012` in another layout.
    fn put_own_data(&self) {
        for (list, first, count) in [("train", 0, 4), ("val", 4, 2)] {
            let folders = ["images", "masks"].map(|kind| self.path().join("MY_DATA").join(kind).join(list));
            folders.iter().for_each(|folder| std::fs::create_dir_all(folder).expect("a new folder"));
            for id in (first..first + count).map(|number| format!("synth_{number:06}")) {
                let files = [format!("JPEGImages/{id}.jpg"), format!("SegmentationClass/{id}.png")];
                for (file, folder) in files.iter().zip(&folders) {
                    let file = self.path().join("VOC2012").join(file);
                    std::fs::copy(&file, folder.join(file.file_name().expect("a name"))).expect("a new file");
                }
            }
        }
    }

    fn put_programs(&self) {
        use std::os::unix::fs::PermissionsExt;
        let bin = self.path().join("bin");
        std::fs::create_dir(&bin).expect("a new folder");
        let scribe = SCRIBE.replace("PROGRAM", env!("CARGO_BIN_EXE_scribe"));
        for (name, text) in [("scribe", scribe.as_str()), ("cargo", CARGO), ("predict", PREDICT)] {
            std::fs::write(bin.join(name), text).expect("a new file");
            std::fs::set_permissions(bin.join(name), PermissionsExt::from_mode(0o755)).expect("a mode");
        }
        let halves = image::GrayImage::from_fn(224, 224, |x, _| image::Luma([if x < 112 { 0 } else { 15 }]));
        halves.save(self.path().join("halves.png")).expect("a new file");
    }

    /// `my.toml`, as README says to make it.
    fn put_recipe(&self) {
        let text =
            std::fs::read_to_string(crate::fences::root().join("recipes/smoke.toml")).expect("a recipe");
        let text = text.replace("name = \"smoke\"", "name = \"my\"");
        let own = text.replace("train_set = \"synthetic\"", "train_set = \"voc\"");
        std::fs::write(self.path().join("my.toml"), own).expect("a new file");
    }

    /// SBD as its archive has it: pictures, MATLAB files, `train.txt` and `val.txt`.
    fn put_sbd(&self) {
        let data = self.path().join("SBD/dataset");
        for folder in ["img", "cls"] {
            std::fs::create_dir_all(data.join(folder)).expect("a new folder");
        }
        let label = crate::fences::root().join("crates/dataset/tests/reference/formula.mat");
        for id in ["2008_000001", "2008_000002", "2008_000003"] {
            // The label map in formula.mat is 17 x 13.
            let picture =
                image::RgbImage::from_fn(17, 13, |x, y| image::Rgb([x as u8 * 15, y as u8 * 19, 90]));
            picture.save(data.join(format!("img/{id}.jpg"))).expect("a new file");
            std::fs::copy(&label, data.join(format!("cls/{id}.mat"))).expect("a new file");
        }
        std::fs::write(data.join("train.txt"), "2008_000001\n2008_000002\n").expect("a new file");
        std::fs::write(data.join("val.txt"), "2008_000003\n").expect("a new file");
    }

    /// `resnet50.safetensors` with torchvision's names, as narrow as [`SMALL`] says: the backbone of a trained network.
    fn put_backbone(&self) {
        let settings = SMALL.split(' ').filter(|word| !word.is_empty()).flat_map(|set| ["--set", set]);
        let train = ["train", "--recipe", "my.toml", "--data", "VOC2012", "--name", "backbone"];
        succeed(self.path(), &train.into_iter().chain(settings).collect::<Vec<_>>());
        let network =
            find(&self.path().join("runs/backbone"), "model.safetensors").expect("a trained network");
        let all = safetensors::load(network, &Device::Cpu).expect("a checkpoint");
        let backbone: HashMap<String, Tensor> = all
            .into_iter()
            .filter_map(|(name, tensor)| Some((name.strip_prefix("backbone.")?.to_string(), tensor)))
            .collect();
        assert!(backbone.contains_key("conv1.weight"), "torchvision's names");
        safetensors::save(&backbone, self.path().join("resnet50.safetensors")).expect("a new file");
    }
}

/// The first file of that name below a folder.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let here = entries.iter().find(|path| path.file_name().is_some_and(|found| found == name));
    here.cloned().or_else(|| entries.iter().filter(|path| path.is_dir()).find_map(|path| find(path, name)))
}
