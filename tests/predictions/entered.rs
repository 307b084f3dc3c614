//! Which predictions the results under a name are of, and the name's label.

use super::common::{complaint, run, succeed};
use super::{World, eval};
use image::{GrayImage, Luma};
use scribe_records::{Condition, Filter, Store};

#[test]
fn results_of_two_networks_do_not_mix_and_a_label_stays() {
    let world = World::new();
    let enter = |more: &[&'static str]| {
        eval(&[&["--predictions", "P", "--as", "one", "--name", "kept"], more].concat())
    };
    succeed(world.path(), &enter(&["--label", "Net"]));
    succeed(world.path(), &enter(&[]));
    let info = |world: &World| world.store("kept").manifest().models[0].clone();
    assert_eq!(info(&world).label, "Net");
    let hash = info(&world).checkpoint_sha256;
    assert!(hash.starts_with("single:") && hash.len() == "single:".len() + 64, "{hash}");
    let before = world.store("kept").confusions(&Filter::all()).unwrap();
    // Another network writes its maps into the folder.
    let file = world.file("P", &Condition::clean(), &world.ids[2], "png");
    let earlier = std::fs::read(&file).unwrap();
    GrayImage::from_pixel(40, 40, Luma([7])).save(&file).unwrap();
    for more in [&[][..], &["--set", "eval.severities=[4, 5]"]] {
        let message = complaint(world.path(), &enter(more));
        for part in ["model `one`", "other predictions", "another --as id", "--name", "put the earlier"] {
            assert!(message.contains(part), "{part}: {message}");
        }
    }
    assert_eq!(world.store("kept").confusions(&Filter::all()).unwrap(), before);
    // What another mode was made with are other files.
    succeed(world.path(), &enter(&["--mode", "msc"]));
    std::fs::write(&file, earlier).unwrap();
    succeed(world.path(), &enter(&[]));
    assert_eq!((info(&world).label.as_str(), info(&world).checkpoint_sha256), ("Net", hash));
}

#[test]
fn a_store_that_does_not_name_its_predictions_goes_on_with_a_warning() {
    let world = World::new();
    let enter = |name: &'static str| eval(&["--predictions", "P", "--as", "one", "--name", name]);
    succeed(world.path(), &enter("now"));
    // As an earlier version made it.
    let mut manifest = world.store("now").manifest().clone();
    manifest.models[0].checkpoint_sha256.clear();
    let folder = world.path().join("runs/old");
    std::fs::create_dir_all(&folder).unwrap();
    Store::create(&folder.join(Store::FILE_NAME), &manifest).unwrap().close().unwrap();
    let output = run(world.path(), &enter("old"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("does not say which predictions the results of model `one` are of"), "{said}");
    let confusions = |name: &str| world.store(name).confusions(&Filter::all()).unwrap();
    assert_eq!(confusions("old"), confusions("now"));
}
