//! Files of torchvision's own network.

use crate::common::{run, succeed};
use crate::world::{eval, world, write};
use scribe_model::DeepLabConfig;
use scribe_records::{Filter, Store};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn enter<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    eval(&[&["--network", "torchvision", "--weights", file, "--name", "net"], more].concat())
}

/// A file with torchvision's names and its second head, under a label that a later call keeps.
#[test]
fn it_is_entered_beside_the_models_of_a_recipe() {
    let folder = world();
    let folder = folder.path();
    let file = folder.join("deeplab.safetensors");
    write(&file, &DeepLabConfig::torchvision(), 21, 1, &["aux_classifier.0.weight", "aux_classifier.4.bias"]);
    let entered = run(folder, &enter("deeplab=deeplab.safetensors", &["--label", "DeepLabV3"]));
    let said = String::from_utf8_lossy(&entered.stderr).into_owned();
    assert!(entered.status.success(), "{said}");
    assert!(said.contains("left out of the file: aux_classifier.* (2)"), "{said}");
    succeed(folder, &eval(&["--name", "net"]));
    let again = run(folder, &enter("deeplab=deeplab.safetensors", &[]));
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing was left to do"));
    let store = Store::open(&folder.join("runs/net").join(Store::FILE_NAME)).unwrap();
    let models = store.manifest().models.iter();
    let named: Vec<_> =
        models.map(|info| (info.id.as_str(), info.label.as_str(), info.file.as_str())).collect();
    let expected = [
        ("deeplab", "DeepLabV3", "deeplab.safetensors"),
        ("plus", "The plus one", "plus.safetensors"),
        ("plain", "The plain one", "plain.safetensors"),
    ];
    assert_eq!(named, expected);
}

/// By input: how often each class was predicted for each.
fn counts(folder: &Path, name: &str) -> BTreeMap<String, BTreeMap<(u8, u8), u32>> {
    let store = Store::open(&folder.join("runs").join(name).join(Store::FILE_NAME)).unwrap();
    let rows = store.confusions(&Filter::all()).unwrap().into_iter();
    let cells =
        |cells: Vec<(u8, u8, u32)>| cells.into_iter().map(|(label, pred, n)| ((label, pred), n)).collect();
    rows.map(|(key, found)| (format!("{} {}", key.image_id, key.condition), cells(found.cells().to_vec())))
        .collect()
}

/// A network that torchvision made and torch saved is scored as when torchvision itself predicts, asked over pipes.
#[test]
fn rows_are_those_of_torchvision_itself() {
    let Ok(python) = std::env::var("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with torchvision");
        return;
    };
    let folder = world();
    let folder = folder.path();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let models = root.join("tests/ask/models.py");
    let made =
        Command::new(&python).arg(models).args(["torchvision", "net.pth"]).current_dir(folder).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let convert = "import torch; from safetensors.torch import save_file; \
                   save_file(torch.load('net.pth'), 'net.safetensors')";
    assert!(Command::new(&python).args(["-c", convert]).current_dir(folder).status().unwrap().success());
    let program = root.join("examples/ask/torchvision_net.py");
    let ask = format!("'{python}' '{}' net.pth", program.display());
    succeed(folder, &eval(&["--ask", &ask, "--as", "net", "--name", "asked"]));
    let asked = counts(folder, "asked");
    assert_eq!(asked.len(), 3 * 2);
    for file in ["net.pth", "net.safetensors"] {
        let given = format!("net={file}");
        succeed(folder, &eval(&["--network", "torchvision", "--weights", &given, "--name", file]));
        let own = counts(folder, file);
        assert!(own.keys().eq(asked.keys()));
        for (input, own) in &own {
            let cells =
                own.keys().chain(asked[input].keys()).copied().collect::<std::collections::BTreeSet<_>>();
            let of = |counts: &BTreeMap<(u8, u8), u32>, cell| counts.get(cell).copied().unwrap_or(0);
            let moved: u32 = cells.iter().map(|cell| of(own, cell).abs_diff(of(&asked[input], cell))).sum();
            // Logits agree to 1e-4 (crates/model/tests/pth.rs), so a class changes only where two are as near; of 1,600
            // pixels each that changes is counted twice.
            assert!(moved <= 2 * 4, "{file}, {input}: {moved}");
        }
    }
}
