//! The pictures that a run trains on and tests on.

use super::given_conditions::{self, Given};
use super::identity::identity;
use super::run_inputs::RunInputs;
use super::synthetic::{check_drawn_classes, draw};
use super::test_protocol::{TEST_LIST, first_of};
use crate::recipe::{CheckedRecipe, FilesSection, LabelFolderName, TrainSetName};
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_base::human;
use scribe_dataset::{FileSplit, ImageId, LabelFolder, Limits, Split, VocSplit};
use scribe_records::DataIdentity;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Which lists a command opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The training list, and the validation list where the recipe validates.
    Training,
    /// The validation list.
    Test,
    /// Both.
    Both,
}

/// The opened lists of a run.
pub(crate) struct Pictures {
    train: Option<Arc<dyn Split>>,
    test: Option<Arc<dyn Split>>,
    test_ids: Vec<ImageId>,
    /// The test list where only a training was asked for, to find what is in both.
    compared: Option<FileSplit>,
    given: Vec<Given>,
    synthetic: bool,
    train_identity: OnceLock<DataIdentity>,
    test_identity: OnceLock<DataIdentity>,
}

impl Pictures {
    /// Opens the lists that are needed, and draws the pictures first where the recipe says so.
    ///
    /// # Errors
    /// When the recipe needs a folder that was not given, or a list, a picture or a label is missing.
    pub(super) fn open(
        recipe: &CheckedRecipe,
        inputs: &RunInputs,
        dir: &RunDir,
        need: Need,
    ) -> anyhow::Result<Pictures> {
        let (root, synthetic) = root(recipe, inputs, dir)?;
        let limits = Limits::of_setting(recipe.data.max_pixels);
        let train = (need != Need::Test).then(|| open_train(recipe, inputs, &root, limits)).transpose()?;
        let tests = need != Need::Training || recipe.train.validate_every > 0;
        let test = tests.then(|| open_test(recipe, &root)).transpose()?;
        let test = test.map(|split| split.with_limits(limits));
        // A training works without the test pictures.
        let compared = if test.is_none() { open_test(recipe, &root).ok() } else { None };
        let listed = test.as_ref().map_or(&[][..], |split| split.ids());
        if test.is_some() && recipe.eval.limit > listed.len() {
            let there = human::count(listed.len(), "picture");
            tracing::warn!("eval.limit = {}: the list has {there}, and all are tested", recipe.eval.limit);
        }
        let test_ids = listed[..first_of(recipe.eval.limit, listed.len())].to_vec();
        let given = match &test {
            Some(test) if need != Need::Training => given_conditions::open(recipe, &root, test, &test_ids)?,
            _ => Vec::new(),
        };
        let test = test.map(|split| Arc::new(split) as Arc<dyn Split>);
        let to_train =
            train.as_ref().map(|split| human::count(split.ids().len(), "picture") + " to train on");
        let to_test = test.as_ref().map(|_| format!("{} to test on", test_ids.len()));
        let both: Vec<String> = to_train.into_iter().chain(to_test).collect();
        tracing::info!("{}: {}", root.display(), both.join(", "));
        let (train_identity, test_identity) = Default::default();
        Ok(Pictures { train, test, test_ids, compared, given, synthetic, train_identity, test_identity })
    }

    /// The training pictures.
    ///
    /// # Errors
    /// They were not opened.
    pub(super) fn train(&self) -> anyhow::Result<&Arc<dyn Split>> {
        self.train.as_ref().context("the pictures were not opened to train")
    }

    /// How many pictures there are to train on; 0 where they were not opened.
    pub(super) fn train_count(&self) -> usize {
        self.train.as_ref().map_or(0, |split| split.ids().len())
    }

    /// The test pictures, whatever `eval.limit` says.
    ///
    /// # Errors
    /// They were not opened.
    pub(super) fn test(&self) -> anyhow::Result<&dyn Split> {
        self.test.as_deref().context("the pictures were not opened to test")
    }

    /// The ids of the test pictures, `eval.limit` applied.
    pub(super) fn test_ids(&self) -> &[ImageId] {
        &self.test_ids
    }

    /// The test pictures of a call that only trains, where they are there, and those of their ids that would be tested.
    pub(super) fn to_compare(&self, limit: usize) -> Option<(&dyn Split, &[ImageId])> {
        let split = self.compared.as_ref()?;
        let ids = split.ids();
        Some((split, &ids[..first_of(limit, ids.len())]))
    }

    /// The conditions whose pictures are given.
    pub(super) fn given(&self) -> &[Given] {
        &self.given
    }

    /// Whether the run draws its pictures.
    pub(super) fn are_synthetic(&self) -> bool {
        self.synthetic
    }

    /// Hashes of the training pictures and labels; they are computed once.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn train_identity(&self) -> anyhow::Result<&DataIdentity> {
        let train = self.train()?;
        get_or_try_init(&self.train_identity, || identity("train", train.as_ref(), train.ids()))
    }

    /// Hashes of the test pictures and labels, `eval.limit` applied; they are computed once.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn test_identity(&self) -> anyhow::Result<&DataIdentity> {
        get_or_try_init(&self.test_identity, || identity(TEST_LIST, self.test()?, &self.test_ids))
    }
}

fn get_or_try_init<T>(cell: &OnceLock<T>, make: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<&T> {
    if let Some(made) = cell.get() {
        return Ok(made);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}

fn open_train(
    recipe: &CheckedRecipe,
    inputs: &RunInputs,
    root: &Path,
    limits: Limits,
) -> anyhow::Result<Arc<dyn Split>> {
    let train = match (&recipe.data.train, recipe.data.train_set) {
        (Some(files), _) => open_files(recipe, "train", files, root)?,
        (None, Some(set)) => open_train_of_voc(recipe, inputs, root, set)?,
        (None, None) => bail!(
            "recipe {} says only what is tested: to train, add the section [data.train], which says where the training \
             pictures are",
            recipe.name
        ),
    };
    Ok(Arc::new(train.with_limits(limits)))
}

fn open_train_of_voc(
    recipe: &CheckedRecipe,
    inputs: &RunInputs,
    root: &Path,
    name: TrainSetName,
) -> anyhow::Result<FileSplit> {
    let set = match name {
        TrainSetName::Synthetic | TrainSetName::Voc => scribe_dataset::TrainSet::Voc,
        TrainSetName::VocSbdNoval => scribe_dataset::TrainSet::VocPlusSbdNoval,
        TrainSetName::TrainAug => scribe_dataset::TrainSet::TrainAug,
    };
    let train = VocSplit::open_train(root, set, label_folder(recipe), inputs.sbd.as_deref());
    let train =
        train.with_context(|| format!("data.train_set = {name} (another list: --set data.train_set=voc)"))?;
    Ok(train.with_classes(recipe.classes().clone()))
}

/// The test pictures.
fn open_test(recipe: &CheckedRecipe, root: &Path) -> anyhow::Result<FileSplit> {
    match &recipe.data.val {
        Some(files) => open_files(recipe, TEST_LIST, files, root),
        None => {
            let split = VocSplit::open(root, TEST_LIST, label_folder(recipe))?;
            Ok(split.with_classes(recipe.classes().clone()))
        }
    }
}

fn open_files(
    recipe: &CheckedRecipe,
    section: &str,
    files: &FilesSection,
    root: &Path,
) -> anyhow::Result<FileSplit> {
    let open =
        || -> scribe_dataset::Result<FileSplit> { files.layout()?.open(root, recipe.classes().clone()) };
    open().with_context(|| format!("[data.{section}] of recipe {}", recipe.name))
}

fn label_folder(recipe: &CheckedRecipe) -> LabelFolder {
    match recipe.data.labels {
        None | Some(LabelFolderName::Auto) => LabelFolder::Auto,
        Some(LabelFolderName::Class) => LabelFolder::Class,
        Some(LabelFolderName::ClassAug) => LabelFolder::ClassAug,
    }
}

/// The folder of the data, and whether it is the drawn one: a folder that was given takes precedence.
fn root(recipe: &CheckedRecipe, inputs: &RunInputs, dir: &RunDir) -> anyhow::Result<(PathBuf, bool)> {
    if let Some(root) = &inputs.data {
        return Ok((root.clone(), false));
    }
    let Some(section) = &recipe.data.synthetic else {
        let wanted = match &recipe.data.val {
            Some(_) => "below which the templates look",
            None => "that holds JPEGImages",
        };
        bail!("recipe {} tests on real pictures: give --data, the folder {wanted}", recipe.name)
    };
    check_drawn_classes(recipe.classes())?;
    draw(section, dir)?;
    Ok((dir.synthetic(), true))
}
