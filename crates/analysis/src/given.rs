//! Pictures that no corruption made (real fog, night, rain) beside the corruptions: do they hurt the same pictures, and the
//! same models?

use crate::errors::spearman;
use crate::summary::{ModelResults, Results, mean};
use crate::view::View;
use scribe_records::{Condition, CorruptionInfo, Mode, ModelId, SparseConfusion};
use std::collections::BTreeMap;

/// How alike one given condition and one corruption are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Likeness {
    /// The model, or none where models are what is compared.
    pub(crate) model: Option<ModelId>,
    /// The condition whose pictures are given.
    pub(crate) given: Condition,
    /// The corruption.
    pub(crate) corruption: String,
    /// mIoU under the given condition, in [0, 1].
    pub(crate) given_miou: Option<f64>,
    /// Mean mIoU under the corruption over its severities.
    pub(crate) corrupted_miou: Option<f64>,
    /// Spearman's rho: over pictures, of the losses of pixel accuracy against clean; over models, of the mIoUs.
    pub(crate) rho: Option<f64>,
    /// How many pictures or models take part.
    pub(crate) pairs: usize,
}

/// Every given condition with every corruption, model by model, and over the models where there are three or more.
pub(crate) fn likenesses(results: &Results<'_>) -> Vec<Likeness> {
    let view = results.view();
    let (given, corruptions) = conditions(view);
    let shown: Vec<&ModelResults<'_>> = results.all(results.shown()).collect();
    let mut found = Vec::new();
    for condition in &given {
        for of in &shown {
            found.extend(corruptions.iter().map(|corruption| of_model(view, of, condition, corruption)));
        }
        if shown.len() > 2 {
            found.extend(corruptions.iter().map(|corruption| over_models(&shown, condition, corruption)));
        }
    }
    found
}

/// The given conditions, and the names of the corruptions.
fn conditions(view: &View) -> (Vec<Condition>, Vec<String>) {
    let is_given =
        |name: &str| view.about.groups.get(name).is_some_and(|group| group == CorruptionInfo::GIVEN);
    let (given, made): (Vec<_>, Vec<_>) =
        view.corrupted().into_iter().partition(|condition| is_given(&condition.corruption));
    let mut corruptions: Vec<String> = Vec::new();
    for condition in made {
        if !corruptions.contains(&condition.corruption) {
            corruptions.push(condition.corruption);
        }
    }
    (given, corruptions)
}

fn of_model(view: &View, of: &ModelResults<'_>, given: &Condition, corruption: &str) -> Likeness {
    let mode = of.modes().first();
    let accuracy = |wanted: &dyn Fn(&Condition) -> bool| {
        mode.map_or_else(BTreeMap::new, |mode| accuracies(view, of.model(), mode, wanted))
    };
    let clean = accuracy(&Condition::is_clean);
    let real = accuracy(&|condition| condition == given);
    let made = accuracy(&|condition| condition.corruption == corruption);
    let loss = |under: &BTreeMap<usize, f64>, image: &usize| Some(clean.get(image)? - under.get(image)?);
    let pairs = clean.keys().filter_map(|image| Some((loss(&real, image)?, loss(&made, image)?)));
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.unzip();
    Likeness {
        model: Some(of.model().clone()),
        given: given.clone(),
        corruption: corruption.to_owned(),
        given_miou: of.at(given),
        corrupted_miou: corrupted_miou(of, corruption),
        rho: spearman(&x, &y),
        pairs: x.len(),
    }
}

fn over_models(shown: &[&ModelResults<'_>], given: &Condition, corruption: &str) -> Likeness {
    let pairs = shown.iter().filter_map(|of| Some((of.at(given)?, corrupted_miou(of, corruption)?)));
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.unzip();
    Likeness {
        model: None,
        given: given.clone(),
        corruption: corruption.to_owned(),
        given_miou: mean(x.iter().copied()),
        corrupted_miou: mean(y.iter().copied()),
        rho: spearman(&x, &y),
        pairs: x.len(),
    }
}

fn corrupted_miou(of: &ModelResults<'_>, corruption: &str) -> Option<f64> {
    let conditions = of.view().corrupted();
    mean(conditions.iter().filter(|condition| condition.corruption == corruption).filter_map(|c| of.at(c)))
}

/// Of each picture the pixel accuracy, mean over the wanted conditions and the training seeds.
fn accuracies(
    view: &View,
    model: &ModelId,
    mode: &Mode,
    wanted: &dyn Fn(&Condition) -> bool,
) -> BTreeMap<usize, f64> {
    let mut values: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (cell, results) in &view.per_image {
        if cell.series.model != *model || cell.series.mode != *mode || !wanted(&cell.condition) {
            continue;
        }
        for (image, confusion) in results {
            if let Some(accuracy) = accuracy(confusion) {
                values.entry(*image).or_default().push(accuracy);
            }
        }
    }
    values.into_iter().filter_map(|(image, values)| Some((image, mean(values)?))).collect()
}

/// Share of a picture's labelled pixels whose class is right; `None` where there are none.
fn accuracy(confusion: &SparseConfusion) -> Option<f64> {
    let sum = |right: bool| {
        let cells = confusion.cells().iter().filter(|(truth, pred, _)| !right || truth == pred);
        cells.map(|&(_, _, pixels)| f64::from(pixels)).sum::<f64>()
    };
    Some(sum(false)).filter(|all| *all > 0.0).map(|all| sum(true) / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Cell;
    use scribe_records::{Confusion, Series};

    /// Pictures of ten pixels, of which so many are right.
    fn insert(view: &mut View, condition: &Condition, right: &[usize]) {
        let series = Series::new("net".parse().unwrap(), 0, Mode::single());
        for (image, &right) in right.iter().enumerate() {
            let mut one = Confusion::new(2);
            let pred: Vec<u8> = (0..10).map(|pixel| u8::from(pixel < right)).collect();
            one.add(&[1; 10], &pred).unwrap();
            let cell = Cell { series: series.clone(), condition: condition.clone() };
            view.insert(&cell, image, SparseConfusion::try_from(&one).unwrap()).unwrap();
        }
    }

    #[test]
    fn pictures_that_lose_most_in_real_fog_are_compared_with_those_under_each_corruption() {
        let mut view = View::new(&["background", "cat"], &["a", "b", "c", "d"]);
        let real = Condition::new("real_fog", 1).unwrap();
        insert(&mut view, &Condition::clean(), &[9, 9, 8, 9]);
        // Losses of 5, 1, 2, 7 pixels.
        insert(&mut view, &real, &[4, 8, 6, 2]);
        // Losses of 4, 0, 1, 6: the same order; and of 0, 4, 3, 0, nearly the opposite one.
        insert(&mut view, &Condition::new("fog", 1).unwrap(), &[5, 9, 7, 3]);
        insert(&mut view, &Condition::new("contrast", 3).unwrap(), &[9, 5, 5, 9]);
        view.about.groups.insert("real_fog".to_owned(), CorruptionInfo::GIVEN.to_owned());
        let found = likenesses(&Results::new(&view));
        let rho = |corruption: &str| found.iter().find(|l| l.corruption == corruption).unwrap().rho.unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|likeness| likeness.given == real && likeness.pairs == 4));
        assert!((rho("fog") - 1.0).abs() < 1e-12);
        // scipy.stats.spearmanr([5, 1, 2, 7], [0, 4, 3, 0]).statistic
        assert!((rho("contrast") + 0.948_683_298_050_513_8).abs() < 1e-12, "{}", rho("contrast"));
        // 20 of 40 pixels are right, and 24; a class that is never right counts 0 only where it is predicted.
        let fog = found.iter().find(|l| l.corruption == "fog").unwrap();
        assert!(fog.given_miou < fog.corrupted_miou);
    }
}
