//! Test pictures that were trained on: what is measured on them says nothing about pictures that are new to a network.

use super::identity::identity;
use super::run::Run;
use super::test_protocol::TEST_LIST;
use rayon::prelude::*;
use scribe_dataset::{ImageId, Split};
use scribe_records::DataIdentity;
use std::collections::BTreeSet;

/// A warning where pictures of the list `test` are in the list `train` too, by the contents of their files; `None` where
/// none is. Pictures that cannot be read are left out.
pub fn overlap_of_lists(train: &dyn Split, test: &dyn Split) -> Option<String> {
    let hash =
        |split: &dyn Split, id: &ImageId| split.hashes(id).ok().map(|found| (found.picture, id.to_string()));
    let hashes = |split: &dyn Split| -> Vec<(String, String)> {
        split.ids().par_iter().filter_map(|id| hash(split, id)).collect()
    };
    let learnt: BTreeSet<String> = hashes(train).into_iter().map(|(hash, _)| hash).collect();
    let tested = hashes(test);
    let shared: Vec<&String> =
        tested.iter().filter(|(hash, _)| learnt.contains(hash)).map(|(_, id)| id).collect();
    let first = shared.first()?;
    Some(format!("{} (the first: {first})", sentence(shared.len(), test.ids().len())))
}

/// The same of the results in a store: `learnt` are the hashes of the training pictures.
pub(super) fn overlap_of_results(learnt: &BTreeSet<String>, tested: &DataIdentity) -> Option<String> {
    let shared = tested.pictures.iter().filter(|picture| learnt.contains(&picture.picture_sha256)).count();
    (shared > 0).then(|| sentence(shared, tested.pictures.len()) + ".")
}

/// Warns before a training where pictures that the recipe tests on are trained on. It needs the test pictures, which a
/// training without validation does not: where they cannot be read, it says nothing.
///
/// # Errors
/// The training pictures were not opened, or cannot be read.
pub(super) fn warn(run: &Run) -> anyhow::Result<()> {
    let pictures = run.pictures()?;
    let learnt = hashes(pictures.train_identity()?);
    let tested = match pictures.to_compare(run.recipe.eval.limit) {
        Some((test, ids)) => identity(TEST_LIST, test, ids).ok(),
        None => pictures.test_identity().ok().cloned(),
    };
    if let Some(warning) = tested.and_then(|tested| overlap_of_results(&learnt, &tested)) {
        tracing::warn!("{} `scribe data check` names them", warning);
    }
    Ok(())
}

/// The hashes of the pictures of a list.
fn hashes(list: &DataIdentity) -> BTreeSet<String> {
    list.pictures.iter().map(|picture| picture.picture_sha256.clone()).collect()
}

fn sentence(shared: usize, all: usize) -> String {
    let which = match (shared, all) {
        (1, 1) => "The only test picture is".to_owned(),
        (shared, all) if shared == all => format!("All {all} test pictures are"),
        (1, all) => format!("1 of {all} test pictures is"),
        (shared, all) => format!("{shared} of {all} test pictures are"),
    };
    format!(
        "{which} among the training pictures too, file for file: there the networks repeat what they were taught, so that the \
         numbers say less about new pictures"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use scribe_records::PictureIdentity;

    #[test]
    fn pictures_are_compared_by_their_bytes() {
        let one = |id: &str, hash: &str| PictureIdentity {
            id: id.into(),
            picture_sha256: hash.into(),
            label_sha256: "l".into(),
        };
        let list = |pictures| DataIdentity { list: "val".into(), pictures };
        let learnt = hashes(&list(vec![one("a", "1"), one("b", "2")]));
        let said = |pictures| overlap_of_results(&learnt, &list(pictures));
        // The same name with other bytes is another picture.
        assert_eq!(said(vec![one("a", "3"), one("b", "4")]), None);
        let some = said(vec![one("c", "1"), one("d", "4"), one("b", "2")]).unwrap();
        assert!(some.starts_with("2 of 3 test pictures are among the training"), "{some}");
        let all = said(vec![one("c", "1"), one("b", "2")]).unwrap();
        assert!(all.starts_with("All 2 test pictures are among"), "{all}");
    }
}
