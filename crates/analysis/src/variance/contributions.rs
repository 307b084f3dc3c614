//! What each picture contributes to the mIoU of its set.

use crate::view::{Cell, View};
use rayon::prelude::*;
use scribe_records::SparseConfusion;
use std::collections::BTreeMap;

/// The contributions of every picture of a view to each cell and draw. Only whole cells have them.
#[derive(Debug)]
pub(super) struct Contributions {
    of: BTreeMap<Cell, Vec<(usize, Vec<f64>)>>,
}

impl Contributions {
    pub(super) fn new(view: &View) -> Contributions {
        let whole = view.per_image.iter().filter(|(_, pictures)| pictures.len() == view.images.len());
        let cells: Vec<&Cell> = whole.map(|(cell, _)| cell).collect();
        let of_cell = |cell: &Cell| {
            let draws = view.draws(cell).into_iter();
            draws.filter_map(|(place, pictures)| Some((place, contributions(pictures, view)?))).collect()
        };
        Contributions { of: cells.into_par_iter().map(|cell| (cell.clone(), of_cell(cell))).collect() }
    }

    /// One number a picture under a draw; those of the first where the cell has no further draw. `None` where the cell or
    /// this draw of it is not whole.
    pub(super) fn get(&self, cell: &Cell, draw: usize) -> Option<&[f64]> {
        let draws = self.of.get(cell)?;
        let found = match draws.as_slice() {
            [(0, only)] => Some(only),
            several => several.iter().find(|(place, _)| *place == draw).map(|(_, values)| values),
        };
        found.map(Vec::as_slice)
    }
}

/// The linearised contribution of each picture: with the hits h and unions u of a class, summed over pictures to H and U,
/// n pictures and k classes that occur, `x_i = (1 / k) sum_c (H_c / U_c + n (h_ci - H_c / U_c u_ci) / U_c)`. Their mean is
/// the mIoU; they are the infinitesimal jackknife's values (Efron 1982, section 6.3). `None` where no pixel was counted.
fn contributions(pictures: &[(usize, SparseConfusion)], view: &View) -> Option<Vec<f64>> {
    let (n, classes) = (view.images.len(), view.classes.len());
    let mut counts = vec![vec![[0.0; 2]; classes]; n];
    let mut totals = vec![[0.0; 2]; classes];
    for (image, confusion) in pictures {
        for &(truth, predicted, pixels) in confusion.cells() {
            let both = [usize::from(truth), usize::from(predicted)];
            if both.iter().any(|class| *class >= classes) {
                continue;
            }
            let hit = both[0] == both[1];
            for class in both.into_iter().take(if hit { 1 } else { 2 }) {
                let add = [if hit { f64::from(pixels) } else { 0.0 }, f64::from(pixels)];
                for (k, add) in add.into_iter().enumerate() {
                    counts[*image][class][k] += add;
                    totals[class][k] += add;
                }
            }
        }
    }
    let there: Vec<usize> = (0..classes).filter(|class| totals[*class][1] > 0.0).collect();
    let of_picture = |count: &Vec<[f64; 2]>| {
        let of_class = |&class: &usize| {
            let ([hits, union], [h, u]) = (totals[class], count[class]);
            let iou = hits / union;
            iou + n as f64 * (h - iou * u) / union
        };
        there.iter().map(of_class).sum::<f64>() / there.len() as f64
    };
    (!there.is_empty()).then(|| counts.iter().map(of_picture).collect())
}
