//! Opens the pictures of a run; draws them first where the recipe says so.

use super::Places;
use crate::recipe::{Checked, Labels, SyntheticSection, TrainSet};
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_dataset::{ImageId, LabelFolder, Split, SynthConfig, VocSplit, write_synthetic};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The pictures of a run.
pub struct Pictures {
    /// To train on.
    pub train: Arc<dyn Split>,
    /// To test on.
    pub val: Arc<dyn Split>,
    /// The test pictures' ids, `eval.limit` applied.
    pub val_ids: Vec<ImageId>,
    /// Whether they are drawn.
    pub synthetic: bool,
}

/// Opens the training and the validation list.
///
/// # Errors
/// When the recipe needs a folder that was not given, or a list, a picture or a label is missing.
pub fn open(recipe: &Checked, places: &Places, run: &RunDir) -> anyhow::Result<Pictures> {
    let (root, synthetic) = root(recipe, places, run)?;
    let labels = match recipe.data.labels {
        Labels::Auto => LabelFolder::Auto,
        Labels::Class => LabelFolder::Class,
        Labels::ClassAug => LabelFolder::ClassAug,
    };
    let set = match recipe.data.train_set {
        TrainSet::Synthetic | TrainSet::Voc => scribe_dataset::TrainSet::Voc,
        TrainSet::VocSbdNoval => scribe_dataset::TrainSet::VocPlusSbdNoval,
        TrainSet::TrainAug => scribe_dataset::TrainSet::TrainAug,
    };
    let train = VocSplit::open_train(&root, set, labels, places.sbd.as_deref()).with_context(|| {
        format!("data.train_set = {:?} (another list: --set data.train_set=voc)", recipe.data.train_set)
    })?;
    let val = VocSplit::open(&root, "val", labels)?;
    let limit = if recipe.eval.limit == 0 { usize::MAX } else { recipe.eval.limit };
    let val_ids: Vec<_> = val.ids().iter().take(limit).cloned().collect();
    tracing::info!(
        "{}: {} pictures to train on, {} to test on",
        root.display(),
        train.ids().len(),
        val_ids.len()
    );
    Ok(Pictures { train: Arc::new(train), val: Arc::new(val), val_ids, synthetic })
}

/// The folder in VOC's layout: the given one, else the drawn one.
fn root(recipe: &Checked, places: &Places, run: &RunDir) -> anyhow::Result<(PathBuf, bool)> {
    if let Some(root) = &places.data {
        return Ok((root.clone(), false));
    }
    let Some(drawn) = &recipe.data.synthetic else {
        bail!("recipe {} tests on real pictures: give --data, the folder that holds JPEGImages", recipe.name)
    };
    draw(drawn, &run.synthetic())?;
    Ok((run.synthetic(), true))
}

/// Draws the set unless the very same one lies there. The mark is written last, so a cut-off set is drawn anew.
fn draw(drawn: &SyntheticSection, root: &Path) -> anyhow::Result<()> {
    let mark = root.join("made.json");
    let wanted = serde_json::to_string_pretty(drawn)?;
    if std::fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    if root.exists() {
        std::fs::remove_dir_all(root).with_context(|| root.display().to_string())?;
    }
    let config = SynthConfig {
        train: drawn.train,
        val: drawn.val,
        width: drawn.width,
        height: drawn.height,
        classes: drawn.classes.clone(),
        seed: drawn.seed,
    };
    let bar = crate::progress::bar("drawing", (drawn.train + drawn.val) as u64, "pictures");
    write_synthetic(root, &config, &|done, _| bar.set_position(done as u64))?;
    bar.finish();
    std::fs::write(&mark, wanted).with_context(|| mark.display().to_string())
}
