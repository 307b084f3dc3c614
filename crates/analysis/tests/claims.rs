//! A small store that names many classes and cells of results: refused before memory is taken for all of them.

use scribe_analysis::{Error, load};
use scribe_records::{
    Condition, Confusion, CorruptionInfo, Input, Manifest, Mode, ModelInfo, Series, SparseConfusion, Store,
    Unit,
};

const MEBI: usize = 1 << 20;

/// One image of 255 classes under four conditions, by so many models: a cell of 520 kB for each.
fn store(path: &std::path::Path, models: usize) -> Result<(), Box<dyn std::error::Error>> {
    let ids: Vec<_> = (0..models).map(|n| format!("m{n}").parse()).collect::<Result<_, _>>()?;
    let fog = CorruptionInfo {
        name: "fog".to_owned(),
        implementation: "reference/1".to_owned(),
        group: "Weather".to_owned(),
        severities: Vec::new(),
    };
    let manifest = Manifest::new((0..255).map(|n| format!("class {n}")))
        .models(
            ids.iter().map(|id: &scribe_records::ModelId| ModelInfo::new(id.clone(), id.as_str())).collect(),
        )
        .corruptions(vec![fog], vec![1, 2, 3])
        .images(["a"]);
    let mut confusion = Confusion::new(255);
    confusion.add(&[0, 1], &[0, 2])?;
    let cells = SparseConfusion::try_from(&confusion)?;
    let mut store = Store::create(path, &manifest)?;
    for condition in manifest.conditions() {
        let Condition { corruption, severity } = &condition;
        let sha256 = format!("{corruption}{severity}");
        let mut unit = Unit::new(Input { image_id: "a".to_owned(), condition, seed: 0, sha256 });
        let of = |id: &scribe_records::ModelId| (Series::new(id.clone(), 0, Mode::single()), cells.clone());
        unit.confusions.extend(ids.iter().map(of));
        store.commit(&unit)?;
    }
    Ok(store.close()?)
}

#[test]
fn memory_follows_from_the_size_of_a_store() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let (small, large) = (dir.path().join("small.sqlite"), dir.path().join("large.sqlite"));
    store(&small, 95)?;
    // 380 cells, as five models have under 76 conditions; 198 MB.
    assert_eq!(load(&Store::open(&small)?)?.confusions.len(), 4 * 95);
    store(&large, 2000)?;
    let bytes = std::fs::metadata(&large)?.len();
    assert!(bytes < MEBI as u64, "{bytes} bytes");
    let error = load(&Store::open(&large)?).map(drop).unwrap_err();
    // 512 MiB and 128 bytes for each byte of the file, where 8000 cells would take 4 GB.
    let expected = 512 * MEBI as u64 + 128 * bytes;
    assert!(matches!(error, Error::Claims { most, .. } if most == expected), "{error}");
    let said = error.to_string();
    assert!(said.contains("large.sqlite: its results would take more than"), "{said}");
    assert!(said.contains("in a run of their own") && !said.contains("damage"), "{said}");
    Ok(())
}
