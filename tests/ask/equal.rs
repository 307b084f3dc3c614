//! The same predictions through files and through pipes give the same rows.

use crate::common::{complaint, succeed};
use crate::rows::rows;
use crate::world::{SETTINGS, World, asking, words};
use candle_core::{Device, Tensor};
use image::{GrayImage, Luma};
use scribe_dataset::read_image;
use std::path::Path;

/// What `net.py` predicts for the corrupted set `C`, written to files: label maps in `P`, logits in `L`.
pub(crate) fn write_files(folder: &Path, world: &World) {
    let corrupt = ["corrupt-set", "--data", "set", "--out", "C", "--view", "squash:40"];
    let which = ["--corruptions", "contrast,jpeg_compression", "--severities", "5"];
    succeed(folder, &[&corrupt[..], &which].concat());
    for condition in ["clean/0", "contrast/5", "jpeg_compression/5"] {
        for id in world.ids() {
            let picture = read_image(&folder.join(format!("C/{condition}/{id}.png"))).unwrap();
            let class = |x, y| Luma([if picture.get_pixel(x, y)[0] > 110 { 15 } else { 0 }]);
            let path = |root: &str, kind: &str| folder.join(format!("{root}/{condition}/{id}.{kind}"));
            for root in ["P", "L"] {
                std::fs::create_dir_all(path(root, "png").parent().unwrap()).unwrap();
            }
            GrayImage::from_fn(40, 40, class).save(path("P", "png")).unwrap();
            let plane = |class: usize| {
                let value = move |red: u8| match class {
                    0 => (110.0 - f32::from(red)) / 16.0,
                    15 => (f32::from(red) - 110.0) / 16.0,
                    _ => -1.0,
                };
                picture.pixels().map(move |pixel| value(pixel[0]))
            };
            let logits: Vec<f32> = (0..21).flat_map(plane).collect();
            let logits = Tensor::from_vec(logits, (21, 40, 40), &Device::Cpu).unwrap();
            logits.write_npy(path("L", "npy")).unwrap();
        }
    }
}

#[test]
fn rows_are_those_of_files() {
    let Some(world) = World::new() else { return };
    let folder = world.path();
    write_files(folder, &world);
    let files = |root: &str, more: &[&str]| {
        let entered = ["--predictions", root, "--as", "red", "--name", root, "--corrupted", "C"];
        succeed(folder, &[&["eval"], &SETTINGS[..], &entered, more].concat());
        rows(folder, root)
    };
    let asked = |name: &str, settings: &str, more: &[&str]| {
        succeed(folder, &words(&asking(name, settings, more)));
        rows(folder, name)
    };
    let (maps, logits) = (files("P", &[]), files("L", &[]));
    assert_ne!(maps, logits, "logits bring calibration and moments");
    assert!(asked("classes", "", &[]) == maps);
    assert!(asked("logits", "answer=logits", &[]) == logits);
    assert!(asked("several", "answer=logits", &["--ask-jobs", "2"]) == logits);
    // The greatest batch of one picture cuts every question.
    assert!(asked("singly", "answer=logits 'greeting={\"batch\": \"1\"}'", &[]) == logits);
    let report = succeed(folder, &["report", "runs/logits"]);
    assert!(report.contains("red"), "{report}");

    // Of other classes, through a map: cityscapes' class 15 is a bus.
    let map = ["--classes", "cityscapes", "--map", "bus -> person, * -> background"];
    std::fs::rename(folder.join("P"), folder.join("Q")).unwrap();
    let mapped = files("Q", &map);
    assert!(asked("mapped", "classes=19", &map) == mapped);
    let other = ["--classes", "cityscapes", "--map", "bus -> car, * -> background"];
    let message = complaint(folder, &words(&asking("mapped", "classes=19", &other)));
    assert!(message.contains("were mapped by another --map"), "{message}");
}

#[test]
fn shards_are_joined() {
    let Some(world) = World::new() else { return };
    let folder = world.path();
    succeed(folder, &words(&asking("whole", "answer=logits", &[])));
    for shard in ["1/2", "2/2"] {
        succeed(folder, &words(&asking("parts", "answer=logits", &["--shard", shard])));
    }
    succeed(folder, &["merge", "runs/parts"]);
    assert!(rows(folder, "parts") == rows(folder, "whole"));
}

#[test]
fn several_scales_ask_at_several_sizes() {
    let Some(world) = World::new() else { return };
    let folder = world.path();
    let any = "answer=logits 'greeting={\"sizes\": \"any\"}'";
    let scales = ["--mode", "msc", "--set", "eval.scales=[0.5, 1.0]"];
    succeed(folder, &words(&asking("scales", any, &scales)));
    succeed(folder, &words(&asking("several", any, &[&scales[..], &["--ask-jobs", "2"]].concat())));
    let found = rows(folder, "scales");
    assert!(found == rows(folder, "several") && found.contains("msc") && found.contains("Calibration"));
    // The same network in another mode, asked once for each picture.
    succeed(folder, &words(&asking("scales", any, &scales[2..])));
    let message = complaint(folder, &words(&asking("fixed", "answer=logits", &scales)));
    assert!(message.contains("--mode msc") && message.contains("sizes = any"), "{message}");
    let classes = "'greeting={\"sizes\": \"any\"}'";
    let message = complaint(folder, &words(&asking("classes", classes, &scales)));
    assert!(message.contains("expected `logits`, got `classes`"), "{message}");
}
