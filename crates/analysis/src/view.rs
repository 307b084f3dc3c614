//! The content of a store as typed maps in memory; all tables, figures and statistics are computed from it.

use crate::error::Result;
use crate::hashed_inputs::HashedInputs;
use crate::measures::{BlockSums, Kind, class_mean_sums, pixel_sums};
use crate::names::{VOC_CLASSES, paper_model};
use scribe_records::{
    Condition, Confusion, LogitMoments, Mode, ModelId, Probability, Series, SparseConfusion,
};
use std::collections::{BTreeMap, BTreeSet};

/// What counts belong to: one series under one condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Model, training seed and mode.
    pub series: Series,
    /// Clean, or a corruption at a severity.
    pub condition: Condition,
}

/// Where the networks' weights started from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// Random weights.
    Scratch,
    /// A pretrained backbone.
    Pretrained,
    /// The store does not say.
    #[default]
    Unknown,
}

/// Facts about the run, for headings, notes and the report's summary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The recipe's name.
    pub recipe: String,
    /// The name of the set of pictures, for example "synthetic val".
    pub set: String,
    /// Whether the pictures were generated.
    pub synthetic: bool,
    /// Where the weights started from.
    pub start: Start,
    /// The implementation of each corruption, by the corruption's name.
    pub implementations: BTreeMap<String, String>,
    /// Corruption name to the name of its group, for example `weather`.
    pub groups: BTreeMap<String, String>,
    /// Whether the corruptions saw the channels of a pixel as blue, green, red.
    pub blue_first: bool,
    /// Whether the pictures were corrupted before they were brought to the size of the test.
    pub corrupted_before_view: bool,
    /// How many inputs have their SHA-256 stored.
    pub hashed_inputs: HashedInputs,
    /// Labelled pixels of each class in the training set; `None` where they were not counted.
    pub training_pixels: Option<Vec<u64>>,
    /// The rest of the manifest, for display: name and value.
    pub rows: Vec<(String, String)>,
}

/// An example picture under one condition with what each series predicted, as PNG bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelView {
    /// The picture's id.
    pub image: String,
    /// Its condition.
    pub condition: Condition,
    /// The picture as the networks saw it (PNG, RGB).
    pub input: Vec<u8>,
    /// The label map (PNG, 8-bit grey, class ids, 255 = void).
    pub label: Vec<u8>,
    /// The predicted label maps (PNG, 8-bit grey, class ids).
    pub predictions: BTreeMap<Series, Vec<u8>>,
}

/// The confusions of a cell under a further master seed, whose corruptions drew other random numbers.
#[derive(Debug, Clone)]
pub struct FurtherDraw {
    /// The master seed.
    pub master_seed: u64,
    /// Over all pictures.
    pub confusion: Confusion,
    /// Picture by picture: index into [`View::images`], ascending, and counts.
    pub per_image: Vec<(usize, SparseConfusion)>,
}

/// The temperature by which a network's logits are divided, fitted on one half of the clean pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedTemperature {
    /// The temperature: that of the grid with the least mean negative log-likelihood.
    pub temperature: f64,
    /// Whether it is an end of the grid, beyond which a better one may be.
    pub at_end: bool,
    /// Labelled pixels that it was fitted on.
    pub pixels: u64,
    /// Their mean negative log-likelihood at temperature 1 and at this one, in nats.
    pub losses: [f64; 2],
}

/// Everything that tables and figures are computed from. [`crate::load()`] reads it from a store; [`View::new`] and the
/// `insert` methods build one from counts of your own.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Facts about the run.
    pub about: About,
    /// Class names; index 0 is the background, unless `without_background`.
    pub classes: Vec<String>,
    /// Whether none of the classes is a background. What compares a background with the other classes is then left out.
    pub without_background: bool,
    /// RGB colour of each class.
    pub palette: Vec<[u8; 3]>,
    /// The models in the order of the recipe.
    pub models: Vec<ModelId>,
    /// The name of each model in tables; a model without one is printed under the paper's name or its id.
    pub titles: BTreeMap<ModelId, String>,
    /// The models whose networks the run trained itself, all of them: networks of one seed start from the same
    /// weights and see the same pictures in the same order. Models that came from outside are not among them.
    pub trained: BTreeSet<ModelId>,
    /// The pictures' ids. Elsewhere a picture is an index into this list.
    pub images: Vec<String>,
    /// The confusion of each cell, over all pictures.
    pub confusions: BTreeMap<Cell, Confusion>,
    /// The confusions of each cell picture by picture: index into `images`, ascending, and counts.
    pub per_image: BTreeMap<Cell, Vec<(usize, SparseConfusion)>>,
    /// The master seeds of the corruptions where there are several: the first, of which every count of this view is, and the
    /// further ones of `further`.
    pub master_seeds: Vec<u64>,
    /// The confusions of each cell under further master seeds, in their order; a cell without a draw has none.
    pub further: BTreeMap<Cell, Vec<FurtherDraw>>,
    /// Conditions that the run was to have and under which it lacks all results, or those of some pictures in a further draw.
    pub unfinished: BTreeSet<Condition>,
    /// The block of each picture of `images`; sums are kept and resampled by blocks.
    pub blocks: Vec<u32>,
    /// Moments of the logits of each cell, over all pictures.
    pub moments: BTreeMap<Cell, LogitMoments>,
    /// Sums per cell and kind, by blocks of pictures.
    pub sums: BTreeMap<(Cell, Kind), BlockSums>,
    /// How many pictures the sums of a cell and kind were counted on, where that is known.
    pub counted: BTreeMap<(Cell, Kind), usize>,
    /// The temperature that was fitted on one half of the clean pictures, for each series and kind of probability.
    pub temperatures: BTreeMap<(Series, Probability), FittedTemperature>,
    /// Example pictures.
    pub panels: Vec<PanelView>,
    /// How many further example pictures the store has, which are too large to be decoded for a report.
    pub panels_left_out: usize,
}

impl View {
    /// An empty view of `classes` (index 0 is the background) and `images`, each picture a block of its own.
    #[must_use]
    pub fn new(classes: &[&str], images: &[&str]) -> View {
        View {
            classes: classes.iter().map(|c| (*c).to_owned()).collect(),
            palette: (0..classes.len()).map(crate::render::palette::class_colour).collect(),
            images: images.iter().map(|i| (*i).to_owned()).collect(),
            blocks: (0..images.len() as u32).collect(),
            ..View::default()
        }
    }

    /// Whether the classes are PASCAL VOC's, on which the paper's numbers were measured.
    pub(crate) fn is_of_voc(&self) -> bool {
        self.classes == VOC_CLASSES
    }

    /// The index of the first class that is not the background.
    pub(crate) fn first_foreground(&self) -> usize {
        usize::from(!self.without_background)
    }

    /// The logits without the background's, in words.
    pub(crate) fn foreground_logits(&self) -> &'static str {
        if self.without_background { "logits" } else { "foreground logits" }
    }

    /// Adds one picture's confusion to its cell.
    ///
    /// # Errors
    /// The confusion has a class that the view does not have.
    pub fn insert(&mut self, cell: &Cell, image: usize, confusion: SparseConfusion) -> Result<()> {
        if !self.models.contains(&cell.series.model) {
            self.models.push(cell.series.model.clone());
        }
        let classes = self.classes.len().max(1);
        let total = self.confusions.entry(cell.clone()).or_insert_with(|| Confusion::new(classes));
        total.merge_sparse(&confusion)?;
        self.per_image.entry(cell.clone()).or_default().push((image, confusion));
        Ok(())
    }

    /// Adds the moments of one block of pictures to its cell: to the whole, and to the sums for intervals.
    ///
    /// # Errors
    /// The number of channels is not that of the cell's earlier moments.
    pub fn insert_moments(&mut self, cell: &Cell, block: u32, moments: &LogitMoments) -> Result<()> {
        match self.moments.get_mut(cell) {
            Some(whole) => whole.merge(moments)?,
            None => drop(self.moments.insert(cell.clone(), moments.clone())),
        }
        let k = moments.channels();
        self.insert_sums(cell, Kind::Pixels, block, k, pixel_sums(moments));
        if cell.condition.is_clean() {
            // Figure 4 shows class means of clean pictures alone.
            self.insert_sums(cell, Kind::ClassMeans, block, k, class_mean_sums(moments));
        }
        Ok(())
    }

    /// Adds the sums of one block of pictures to its cell. Each block is given once; `size` is that of [`BlockSums`].
    pub fn insert_sums(&mut self, cell: &Cell, kind: Kind, block: u32, size: usize, sums: Vec<f64>) {
        let empty = || BlockSums { size, blocks: Vec::new() };
        let blocks = &mut self.sums.entry((cell.clone(), kind)).or_insert_with(empty).blocks;
        let sorted = blocks.last().is_none_or(|last| last.0 <= block);
        blocks.push((block, sums));
        if !sorted {
            blocks.sort_by_key(|b| b.0);
        }
    }

    /// The name of a model in tables and legends. The id is added where two models have the same name.
    pub fn title(&self, model: &ModelId) -> String {
        let name = self.name(model);
        let others = self.models.iter().filter(|m| *m != model);
        if others.into_iter().any(|m| self.name(m) == name) { format!("{name} ({model})") } else { name }
    }

    fn name(&self, model: &ModelId) -> String {
        let given = self.titles.get(model).filter(|t| !t.is_empty());
        given.cloned().unwrap_or_else(|| crate::names::model_title(model.as_str()))
    }

    /// The training seeds of a model, ascending.
    pub fn seeds(&self, model: &ModelId) -> BTreeSet<u64> {
        self.confusions.keys().filter(|c| c.series.model == *model).map(|c| c.series.seed).collect()
    }

    /// A view of the confusions of one model, trained with one seed, and nothing else.
    pub(crate) fn one_seed(&self, model: &ModelId, seed: u64) -> View {
        let mine = |c: &Cell| c.series.model == *model && c.series.seed == seed;
        let confusions = self.confusions.iter().filter(|(c, _)| mine(c));
        let further = self.further.iter().filter(|(c, _)| mine(c));
        View {
            classes: self.classes.clone(),
            models: vec![model.clone()],
            titles: self.titles.clone(),
            images: self.images.clone(),
            confusions: confusions.map(|(c, v)| (c.clone(), v.clone())).collect(),
            further: further.map(|(c, v)| (c.clone(), v.clone())).collect(),
            ..View::default()
        }
    }

    /// All modes that occur.
    pub(crate) fn modes(&self) -> BTreeSet<Mode> {
        self.confusions.keys().map(|c| c.series.mode.clone()).collect()
    }

    /// The conditions that occur, other than clean.
    pub(crate) fn corrupted(&self) -> BTreeSet<Condition> {
        self.confusions.keys().map(|c| c.condition.clone()).filter(|c| !c.is_clean()).collect()
    }

    /// Names of the classes that have no pixel in the clean labels.
    pub(crate) fn absent_classes(&self) -> Vec<&str> {
        let Some(confusion) = self.confusions.values().next() else { return Vec::new() };
        (0..self.classes.len())
            .filter(|c| confusion.truth_total(*c) == 0)
            .map(|c| self.classes[c].as_str())
            .collect()
    }

    /// The corruptions that occur beyond the paper's fifteen, by name. They have rows of their own and count in no
    /// mean, rank, split or other summary of "corrupted".
    pub(crate) fn extras(&self) -> Vec<String> {
        let names: BTreeSet<String> = self.corrupted().into_iter().map(|c| c.corruption).collect();
        names.into_iter().filter(|name| crate::names::position(name).is_none()).collect()
    }

    /// The model that the paper calls by this name, if the view has it.
    pub(crate) fn model_named(&self, paper: &str) -> Option<&ModelId> {
        let named = |m: &&ModelId| paper_model(m.as_str()).or(paper_model(&self.title(m))) == Some(paper);
        self.models.iter().find(named)
    }

    /// The paper's name of a model; `None` for a model that the paper does not have, and for all but the first of
    /// several.
    pub(crate) fn paper_name(&self, model: &ModelId) -> Option<&'static str> {
        crate::names::MODELS.into_iter().find(|name| self.model_named(name) == Some(model))
    }
}
