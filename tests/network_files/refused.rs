//! Files and settings that are refused, each with what was found, what was expected and what to do.

use crate::common::{complaint, run};
use crate::world::{PLAIN, eval, model, plus, recipe, world, write};
use std::fs;
use std::path::Path;

/// The complaint about a recipe of this one model.
fn says(folder: &Path, model: &str) -> String {
    fs::write(folder.join("recipes/files.toml"), recipe(&[model])).unwrap();
    let message = complaint(folder, &eval(&["--name", "refused"]));
    assert!(!folder.join("runs/refused/store.sqlite").exists(), "nothing was entered");
    message
}

fn assert_has(message: &str, parts: &[&str]) {
    assert!(parts.iter().all(|part| message.contains(part)), "{message}");
}

#[test]
fn files_that_do_not_fit() {
    let folder = world();
    let folder = folder.path();
    let nets = folder.join("recipes/nets");
    write(&nets.join("city.safetensors"), &plus(), 19, 1, &[]);
    let city = says(folder, &model("city", ""));
    assert_has(
        &city,
        &["weights for The city one: ", "city.safetensors: its network has 19 outputs (expected 21, for 21 "],
    );
    assert_has(&city, &["models.classes and models.map", "--classes and --map"]);
    // Of the right classes and another architecture: many tensors differ.
    let message = says(folder, &model("plain", ""));
    assert_has(
        &message,
        &["tensors are missing (first: ", "have no place (first: ", "models.network", "--network"],
    );
    // Its own architecture, and one tensor too many.
    write(&nets.join("more.safetensors"), &plus(), 21, 1, &["aux_classifier.4.bias", "neck.0.weight"]);
    let message = says(folder, &model("more", ""));
    assert_has(&message, &["0 tensors are missing", "1 have no place (first: neck.0.weight)"]);
    fs::create_dir(nets.join("folder.safetensors")).unwrap();
    assert_has(
        &says(folder, &model("folder", "")),
        &["folder.safetensors: a folder or a device (expected a file)"],
    );
    let message = says(folder, &model("absent", ""));
    assert_has(&message, &["absent.safetensors: no such file (expected the network of The absent one"]);
}

#[test]
fn recipes_that_name_no_network() {
    let folder = world();
    let folder = folder.path();
    let typo = says(folder, &model("plain", "network = \"torchvison\""));
    assert_has(&typo, &["unknown variant `torchvison` (did you mean torchvision?)"]);
    let key = says(folder, &model("plain", &PLAIN.replace("rates", "dilations")));
    assert_has(&key, &["unknown field `dilations`", "rates"]);
    let wide = says(folder, &model("plain", &PLAIN.replace("width = 0.05", "width = 5.0")));
    assert_has(&wide, &["model.width = 5", "[0.01, 4]"]);
    let empty = says(folder, &model("plain", "").replace("nets/plain.safetensors", ""));
    assert_has(&empty, &["models.weights", "the path of a file"]);
    let none = model("plain", PLAIN).replace("weights = \"nets/plain.safetensors\"\n", "");
    assert_has(&says(folder, &none), &["none has a file", "models.weights", "--weights ID=FILE"]);
}

#[test]
fn calls_that_enter_no_network() {
    let folder = world();
    let folder = folder.path();
    let enter = |more: &[&str]| complaint(folder, &eval(&[&["--network", "torchvision"], more].concat()));
    let plain = "net=recipes/nets/plain.safetensors";
    assert_has(&enter(&["--weights", "plus=x.pth"]), &["--weights plus: the recipe has a model of that id"]);
    assert_has(&enter(&["--weights", plain, "--weights", "b=b.pth"]), &["one --weights ID=FILE, got 2"]);
    assert_has(
        &enter(&["--weights", plain, "--label", "The plus one"]),
        &["models.label", "no other model has"],
    );
    // It has few channels, and torchvision's network many.
    assert_has(&enter(&["--weights", plain]), &["weights for net: ", "plain.safetensors", "has shape"]);
    assert_has(&enter(&["--weights", "net=none.pth"]), &["none.pth: no such file"]);
    assert_has(
        &enter(&["--weights", plain, "--map", "nobody -> person"]),
        &["the classes of model `net`", "nobody"],
    );
    for wrong in [
        &["--network", "torchvision"][..],
        &["--network", "resnet", "--weights", "net=net.pth"],
        &["--network", "torchvision", "--weights", "net=net.pth", "--as", "net"],
        &["--network", "torchvision", "--weights", "net=net.pth", "--ask", "x", "--as", "net"],
        &["--weights", "plus=net.pth", "--label", "Net"],
    ] {
        assert_eq!(run(folder, &eval(wrong)).status.code(), Some(2), "{wrong:?}");
    }
}
