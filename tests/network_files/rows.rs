//! What a recipe of files gives: rows, a manifest, a report; and how it goes on.

use crate::common::{complaint, run, succeed};
use crate::world::{PLAIN, RECIPE, eval, model, plain, recipe, world, write};
use scribe_base::digest::sha256_hex;
use scribe_records::{Filter, Manifest, Store};
use std::fs;
use std::path::Path;

fn store(folder: &Path, name: &str) -> Store {
    Store::open(&folder.join("runs").join(name).join(Store::FILE_NAME)).unwrap()
}

/// All confusions of a run, as text.
fn confusions(folder: &Path, name: &str) -> String {
    format!("{:?}", store(folder, name).confusions(&Filter::all()).unwrap())
}

#[test]
fn networks_of_two_architectures_are_compared_without_a_training() {
    let folder = world();
    let folder = folder.path();
    succeed(folder, &eval(&[]));
    assert!(!folder.join("runs/files/train").exists());
    let models = store(folder, "files").manifest().models.clone();
    let [plus, plain] = models.as_slice() else { panic!("{models:?}") };
    for (info, id) in [(plus, "plus"), (plain, "plain")] {
        assert_eq!((info.id.as_str(), info.label.as_str()), (id, format!("The {id} one").as_str()));
        assert_eq!((info.seed, info.trained), (0, false));
        assert_eq!(info.file, format!("{id}.safetensors"));
        let bytes = fs::read(folder.join(format!("recipes/nets/{id}.safetensors"))).unwrap();
        assert!(info.checkpoint_sha256.starts_with(&sha256_hex(bytes)), "{info:?}");
    }
    // The recipe's digest says the architecture of one, a mark that of the other.
    assert_eq!(plus.checkpoint_sha256.len(), 64);
    assert!(plain.checkpoint_sha256[64..].starts_with(" network:"), "{plain:?}");
    // Two models, three pictures, clean and one condition.
    assert_eq!(store(folder, "files").confusions(&Filter::all()).unwrap().len(), 2 * 3 * 2);

    // All of it is there already, also for a recipe that would train otherwise.
    let again = run(folder, &[&["reproduce"], &RECIPE[..]].concat());
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.success() && said.contains("nothing was left to do"), "{said}");
    let report = fs::read_to_string(folder.join("runs/files/report.html")).unwrap();
    assert!(report.contains("The plain one (plain, seed 0) file") && report.contains("plain.safetensors"));
    // The recipe of the run says by itself where the files are.
    let from_run = ["eval", "--recipe", "runs/files/recipe.toml", "--data", "set", "--name", "again"];
    succeed(folder, &from_run);
    assert_eq!(confusions(folder, "again"), confusions(folder, "files"));
    let forecast = succeed(folder, &[&["reproduce"], &RECIPE[..], &["--dry-run", "--name", "new"]].concat());
    assert!(forecast.contains("3 pictures x 2 conditions x 2 networks x 1 mode, 12 of 12 predictions left"));
    assert!(!forecast.contains("training:"), "{forecast}");
    let message = complaint(folder, &[&["train"], &RECIPE[..]].concat());
    assert!(message.contains("cannot be trained here") && message.contains("scribe eval"), "{message}");
}

#[test]
fn another_network_is_refused_and_shards_are_joined() {
    let folder = world();
    let folder = folder.path();
    succeed(folder, &eval(&["--name", "whole"]));
    for shard in ["1/2", "2/2"] {
        succeed(folder, &eval(&["--name", "parts", "--shard", shard]));
    }
    succeed(folder, &["merge", "runs/parts"]);
    assert_eq!(confusions(folder, "parts"), confusions(folder, "whole"));

    let before = confusions(folder, "whole");
    let file = folder.join("recipes/nets/plain.safetensors");
    let bytes = fs::read(&file).unwrap();
    write(&file, &plain(), 21, 2, &[]);
    let message = complaint(folder, &eval(&["--name", "whole"]));
    assert!(message.contains("manifest.checkpoint_sha256.plain.seed-0: "), "{message}");
    // The same file in another architecture is another network.
    fs::write(&file, bytes).unwrap();
    let wider = PLAIN.replace("[12, 24, 36]", "[6, 12, 18]");
    let other = recipe(&[&model("plus", ""), &model("plain", &wider)]);
    fs::write(folder.join("recipes/wider.toml"), other).unwrap();
    let wider = ["eval", "--recipe", "recipes/wider.toml", "--data", "set", "--name", "whole"];
    let message = complaint(folder, &wider);
    assert!(message.contains("manifest.checkpoint_sha256.plain.seed-0: "), "{message}");
    assert_eq!(confusions(folder, "whole"), before);
}

/// A file of the call stands in for that of the recipe, and a model without either is left out.
#[test]
fn the_call_may_give_the_file() {
    let folder = world();
    let folder = folder.path();
    let without = model("plain", PLAIN).replace("weights = \"nets/plain.safetensors\"\n", "");
    fs::write(folder.join("recipes/files.toml"), recipe(&[&model("plus", ""), &without])).unwrap();
    let manifest = |name: &str| -> Manifest { store(folder, name).manifest().clone() };
    succeed(folder, &eval(&["--name", "one"]));
    assert_eq!(manifest("one").models.len(), 1);
    let given = "plain=recipes/nets/plain.safetensors";
    // One file is one network, whatever the seeds of those that are trained.
    succeed(folder, &eval(&["--name", "one", "--weights", given, "--set", "seeds=[4, 5]"]));
    let models = manifest("one").models;
    assert_eq!(
        models.iter().map(|info| (info.id.as_str(), info.seed)).collect::<Vec<_>>(),
        [("plus", 0), ("plain", 0)]
    );
}
