//! The confusion matrix of a segmentation: pixels by true and predicted class.

use crate::{Error, ErrorSplit, Result, SparseConfusion, VOID};

/// Neighbours that are counted at once where they are alike, as most are.
const RUN: usize = 8;

/// Whether all are the first one.
fn is_one_value(run: &[u8; RUN]) -> bool {
    u64::from_le_bytes(*run) == u64::from(run[0]) * 0x0101_0101_0101_0101
}

/// Pixels counted by (truth, prediction) in u64; pixels whose truth is 255 (void) are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// Row-major, truth x prediction.
    cells: Vec<u64>,
    /// By truth, pixels whose prediction is none of the classes.
    unmapped: Vec<u64>,
}

impl Confusion {
    /// An empty matrix of `classes` x `classes`; 1 to 255 classes, since 255 is void.
    ///
    /// # Panics
    /// If `classes` is 0 or above 255, which is a mistake in the program and not in its input.
    #[must_use]
    pub fn new(classes: usize) -> Confusion {
        assert!((1..=255).contains(&classes), "a confusion needs 1 to 255 classes, not {classes}");
        Confusion { classes, cells: vec![0; classes * classes], unmapped: vec![0; classes] }
    }

    /// Counts the pixels of one image.
    ///
    /// # Errors
    /// [`Error::Length`] if the two differ in length and [`Error::Class`] for a label outside the classes; the counts
    /// are then as they were before.
    pub fn add(&mut self, truth: &[u8], pred: &[u8]) -> Result<()> {
        self.check("prediction", pred, false)?;
        self.add_mapped(truth, pred)
    }

    /// As [`Confusion::add`], of predictions that a map brought to these classes: where the map ignores the class that
    /// was predicted, the prediction is 255. Such pixels are counted apart ([`Confusion::unmapped`]) and are part of no
    /// other number.
    ///
    /// # Errors
    /// Those of [`Confusion::add`].
    pub fn add_mapped(&mut self, truth: &[u8], pred: &[u8]) -> Result<()> {
        if truth.len() != pred.len() {
            return Err(Error::Length { what: "prediction", found: pred.len(), expected: truth.len() });
        }
        self.check("truth", truth, true)?;
        self.check("prediction", pred, true)?;
        let (truths, last_truths) = truth.as_chunks::<RUN>();
        let (preds, last_preds) = pred.as_chunks::<RUN>();
        for (truths, preds) in truths.iter().zip(preds) {
            if is_one_value(truths) && is_one_value(preds) {
                self.count(truths[0], preds[0], RUN as u64);
            } else {
                truths.iter().zip(preds).for_each(|(t, p)| self.count(*t, *p, 1));
            }
        }
        last_truths.iter().zip(last_preds).for_each(|(t, p)| self.count(*t, *p, 1));
        Ok(())
    }

    /// Counts pixels of one label and one prediction, both of which are known to be in range.
    fn count(&mut self, truth: u8, pred: u8, pixels: u64) {
        match (truth, pred) {
            (VOID, _) => {}
            (t, VOID) => self.unmapped[t as usize] += pixels,
            (t, p) => self.cells[t as usize * self.classes + p as usize] += pixels,
        }
    }

    /// Adds cells that were counted elsewhere, row-major, truth x prediction.
    ///
    /// # Errors
    /// [`Error::Length`] unless there are classes x classes of them.
    pub fn add_cells(&mut self, cells: &[u64]) -> Result<()> {
        if cells.len() != self.cells.len() {
            return Err(Error::Length { what: "confusion", found: cells.len(), expected: self.cells.len() });
        }
        self.cells.iter_mut().zip(cells).for_each(|(mine, theirs)| *mine += theirs);
        Ok(())
    }

    /// Adds the counts of another matrix.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of classes differs.
    pub fn merge(&mut self, other: &Confusion) -> Result<()> {
        if other.classes != self.classes {
            return Err(Error::Shape { what: "confusion", found: other.classes, expected: self.classes });
        }
        let cells = self.cells.iter_mut().zip(&other.cells);
        for (mine, theirs) in cells.chain(self.unmapped.iter_mut().zip(&other.unmapped)) {
            *mine += theirs;
        }
        Ok(())
    }

    /// Adds the counts of one image's sparse form.
    ///
    /// # Errors
    /// [`Error::Class`] if it names a class that this matrix does not have; the counts are then as they were before.
    pub fn merge_sparse(&mut self, other: &SparseConfusion) -> Result<()> {
        let outside = other.cells().iter().find(|c| c.0.max(c.1) as usize >= self.classes);
        if let Some(&(t, p, _)) = outside {
            let (what, value) = if t as usize >= self.classes { ("truth", t) } else { ("prediction", p) };
            return Err(Error::Class { what, value, pixel: 0, classes: self.classes });
        }
        if let Some(&(value, _)) = other.unmapped().iter().find(|c| c.0 as usize >= self.classes) {
            return Err(Error::Class { what: "truth", value, pixel: 0, classes: self.classes });
        }
        for &(t, n) in other.unmapped() {
            self.unmapped[t as usize] += u64::from(n);
        }
        for &(t, p, n) in other.cells() {
            self.cells[t as usize * self.classes + p as usize] += u64::from(n);
        }
        Ok(())
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Pixels of class `truth` that were predicted as `pred`.
    ///
    /// # Panics
    /// If either is not a class.
    pub fn cell(&self, truth: usize, pred: usize) -> u64 {
        assert!(truth < self.classes && pred < self.classes, "({truth}, {pred}) in {0} x {0}", self.classes);
        self.cells[truth * self.classes + pred]
    }

    /// Labelled pixels of class `truth` whose predicted class a map ignores; they are in none of the cells.
    ///
    /// # Panics
    /// If it is not a class.
    pub fn unmapped(&self, truth: usize) -> u64 {
        self.unmapped[truth]
    }

    /// Pixels whose truth is `class`.
    pub fn truth_total(&self, class: usize) -> u64 {
        (0..self.classes).map(|p| self.cell(class, p)).sum()
    }

    /// Pixels predicted as `class`, among those that are not void.
    pub fn pred_total(&self, class: usize) -> u64 {
        (0..self.classes).map(|t| self.cell(t, class)).sum()
    }

    /// All pixels counted.
    pub fn total(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// Intersection over union of one class in [0, 1]; `None` where neither truth nor prediction has it.
    pub fn iou(&self, class: usize) -> Option<f64> {
        let hit = self.cell(class, class);
        let union = self.truth_total(class) + self.pred_total(class) - hit;
        (union > 0).then(|| hit as f64 / union as f64)
    }

    /// Mean of [`Confusion::iou`] over the classes that have one; `None` if no pixel was counted.
    ///
    /// As in the authors' notebook, a class that occurs neither in the truth nor in the predictions is left out of
    /// the mean and not counted as 0; [`Confusion::classes_counted`] says how many remain.
    pub fn miou(&self) -> Option<f64> {
        let ious: Vec<f64> = (0..self.classes).filter_map(|c| self.iou(c)).collect();
        (!ious.is_empty()).then(|| ious.iter().sum::<f64>() / ious.len() as f64)
    }

    /// Over how many classes [`Confusion::miou`] is the mean.
    pub fn classes_counted(&self) -> usize {
        (0..self.classes).filter(|&c| self.iou(c).is_some()).count()
    }

    /// Share of pixels whose class is right, in [0, 1]; `None` if no pixel was counted.
    pub fn accuracy(&self) -> Option<f64> {
        let total = self.total();
        let right: u64 = (0..self.classes).map(|c| self.cell(c, c)).sum();
        (total > 0).then(|| right as f64 / total as f64)
    }

    /// The wrong pixels by kind of mistake, with class 0 as background.
    pub fn errors(&self) -> ErrorSplit {
        let mut split = ErrorSplit::default();
        for t in 0..self.classes {
            for p in 0..self.classes {
                split.count(t, p, self.cell(t, p));
            }
        }
        split
    }

    fn check(&self, what: &'static str, values: &[u8], void: bool) -> Result<()> {
        let outside = |&v: &u8| v as usize >= self.classes && !(void && v == VOID);
        // To the end, which vectors do many at a time, and mostly there is none.
        if !values.iter().fold(false, |found, v| found | outside(v)) {
            return Ok(());
        }
        match values.iter().position(outside) {
            Some(pixel) => Err(Error::Class { what, value: values[pixel], pixel, classes: self.classes }),
            None => Ok(()),
        }
    }
}

impl From<&Confusion> for Vec<u64> {
    /// The cells row-major, truth x prediction.
    fn from(c: &Confusion) -> Vec<u64> {
        c.cells.clone()
    }
}

impl SparseConfusion {
    /// The full matrix.
    ///
    /// # Errors
    /// [`Error::Class`] if a cell is outside `classes`.
    pub fn dense(&self, classes: usize) -> Result<Confusion> {
        let mut full = Confusion::new(classes);
        full.merge_sparse(self)?;
        Ok(full)
    }
}

impl TryFrom<&Confusion> for SparseConfusion {
    type Error = Error;

    fn try_from(full: &Confusion) -> Result<SparseConfusion> {
        let small = |count: u64| u32::try_from(count).map_err(|_| Error::TooMany { count });
        let (mut cells, mut unmapped) = (Vec::new(), Vec::new());
        for t in 0..full.classes() {
            for p in 0..full.classes() {
                let count = full.cell(t, p);
                if count > 0 {
                    cells.push((t as u8, p as u8, small(count)?));
                }
            }
            if full.unmapped(t) > 0 {
                unmapped.push((t as u8, small(full.unmapped(t))?));
            }
        }
        Ok(SparseConfusion::from_cells(cells, unmapped))
    }
}
