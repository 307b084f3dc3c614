//! Predictions that do not fit are refused, by their file and what was expected.

use super::common::complaint;
use super::{World, conditions, eval};
use candle_core::{DType, Device, Tensor};
use image::{GrayImage, Luma};

#[test]
fn arguments_that_do_not_fit_are_named() {
    let world = World::new();
    let says = |more: &[&str]| complaint_about(&world, more);
    assert!(
        complaint(world.path(), &eval(&["--predictions", "none", "--as", "x"]))
            .contains("none: no such folder")
    );
    let unnamed = complaint(world.path(), &eval(&["--predictions", "P"]));
    assert!(unnamed.contains("--as"), "{unnamed}");
    let taken = complaint(world.path(), &eval(&["--predictions", "P", "--as", "softmax"]));
    assert!(taken.contains("softmax") && taken.contains("another id"), "{taken}");
    let plain = complaint(world.path(), &eval(&["--predictions", "P", "--as", "a b"]));
    assert!(plain.contains("`a b`"), "{plain}");
    let mode = says(&["--mode", "double"]);
    assert!(mode.contains("double") && mode.contains("msc-logit"), "{mode}");
    let near = says(&["--mode", "msc_logit"]);
    assert!(near.contains("did you mean msc-logit?"), "{near}");
    let set = says(&["--corrupted", "C", "--set", "eval.master_seed=7", "--set", "eval.master_seeds=[7]"]);
    assert!(
        set.contains("set.json") && set.contains("master_seed: 2020 in the set, 7 in the recipe"),
        "{set}"
    );
    assert!(says(&["--corrupted", "set"]).contains("set.json"));
    let nothing = says(&["--map", "* -> ignore"]);
    assert!(nothing.contains("every class leads to ignore") && nothing.contains("background"), "{nothing}");
    let unknown = says(&["--map", "lorry -> car, * -> background"]);
    assert_eq!(unknown.matches("aeroplane").count(), 1, "each class is listed once: {unknown}");
    let arrow = says(&["--map", "car => car"]);
    assert!(arrow.contains("there is no `->` in it"), "{arrow}");
}

#[test]
fn label_maps_that_do_not_fit_are_named() {
    let world = World::new();
    let says = || complaint_about(&world, &[]);
    let spoil = world.file("P", &conditions()[1], &world.ids[1], "png");
    GrayImage::new(39, 40).save(&spoil).unwrap();
    let size = says();
    assert!(size.contains("39x40") && size.contains("40x40") && size.contains("contrast"), "{size}");
    GrayImage::from_pixel(40, 40, Luma([21])).save(&spoil).unwrap();
    let class = says();
    let expected = format!(
        "P/contrast/5/{}.png: class 21 at x=0, y=0 (expected a class of 0 to 20 at every",
        world.ids[1]
    );
    assert!(class.contains(&expected) && !class.contains("for void"), "{class}");
    // The condition before the colon is the one of the file behind it.
    assert!(
        class.contains(&format!(
            "error: red (seed 0, single), contrast:5, picture {}: P/contrast",
            world.ids[1]
        )),
        "{class}"
    );
    GrayImage::from_pixel(40, 40, Luma([255])).save(&spoil).unwrap();
    let void = says();
    assert!(void.contains("class 255 at x=0, y=0 (expected a class of 0 to 20 at every pixel"), "{void}");
    std::fs::write(&spoil, "no picture").unwrap();
    assert!(says().contains(&format!("{}.png", world.ids[1])));
}

#[test]
fn logits_that_do_not_fit_are_named() {
    let world = World::new();
    let says = || complaint_about(&world, &[]);
    let logits = world.file("P", &conditions()[1], &world.ids[1], "npy");
    Tensor::zeros((20, 10, 10), DType::F32, &Device::Cpu).unwrap().write_npy(&logits).unwrap();
    let shape = says();
    assert!(shape.contains("[20, 10, 10]") && shape.contains("[21, H, W]"), "{shape}");
    Tensor::full(f32::NAN, (21, 10, 10), &Device::Cpu).unwrap().write_npy(&logits).unwrap();
    assert!(says().contains("NaN"));
    Tensor::zeros((21, 10, 10), DType::I64, &Device::Cpu).unwrap().write_npy(&logits).unwrap();
    let whole = says();
    assert!(whole.contains("values of the type int64 (expected float16, float32 or float64"), "{whole}");
    std::fs::write(&logits, "no numbers").unwrap();
    let text = says();
    let expected = format!("{}.npy: its first bytes are not those of a .npy file", world.ids[1]);
    assert!(text.contains(&expected) && !text.contains("ascontiguous"), "{text}");
}

/// What the program answers to the predictions `P` with these further arguments.
fn complaint_about(world: &World, more: &[&str]) -> String {
    let arguments = [&["--predictions", "P", "--as", "red", "--name", "bad"], more].concat();
    complaint(world.path(), &eval(&arguments))
}
