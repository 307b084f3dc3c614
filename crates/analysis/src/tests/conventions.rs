//! Every convention on two images that can be worked by hand.

use super::common;
use super::two_classes::id;
use crate::conventions::{Convention, ConventionTable, Pictures, Sampler, Score};
use crate::{Bootstrap, Cell, ModeChoice, Quantity, Resampled, Results, View};
use scribe_records::{Condition, Confusion, Mode, Series, SparseConfusion};

/// Background, cat, dog and a cow that is nowhere.
const CLASSES: [&str; 4] = ["background", "cat", "dog", "cow"];

/// Two images of ten pixels.
///
/// The first labels 6 background and 4 cat; of the cat 2 are right, 1 is taken for background and 1 for dog.
/// Background: 6 hits, union 7. Cat: 2 hits, union 4. Dog: 0 hits, union 1.
///
/// The second labels 5 background and 5 dog, of which 4 are right and 1 is taken for background.
/// Background: 5 hits, union 6. Dog: 4 hits, union 5.
fn images() -> [SparseConfusion; 2] {
    let first = ([0, 0, 0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 1, 1, 0, 2]);
    let second = ([0, 0, 0, 0, 0, 2, 2, 2, 2, 2], [0, 0, 0, 0, 0, 2, 2, 2, 2, 0]);
    [first, second].map(|(truth, predicted)| {
        let mut one = Confusion::new(4);
        one.add(&truth, &predicted).unwrap();
        SparseConfusion::try_from(&one).unwrap()
    })
}

fn score(convention: Convention, class: Option<usize>, weights: [u32; 2]) -> f64 {
    let wanted = [Score { convention, class }];
    let pictures: Vec<_> = images().into_iter().enumerate().collect();
    Pictures::new(&pictures, 4, 1, &wanted).scores(&wanted, &weights)[0]
}

/// Together: background 11 hits of a union of 13, labelled 11, predicted 13; cat 2 of 4, labelled 4, predicted 2; dog 4
/// of 6, labelled 5, predicted 5. 20 pixels, 17 right.
#[test]
fn the_whole_set_by_hand() {
    let (background, cat, dog) = (11.0 / 13.0, 2.0 / 4.0, 4.0 / 6.0);
    let dice = [22.0 / 24.0, 4.0 / 6.0, 8.0 / 10.0];
    for (convention, expected) in [
        (Convention::Voc, (background + cat + dog) / 3.0),
        (Convention::AbsentZero, (background + cat + dog) / 4.0),
        (Convention::AbsentOne, (background + cat + dog + 1.0) / 4.0),
        (Convention::Foreground, f64::midpoint(cat, dog)),
        (Convention::Dice, dice.iter().sum::<f64>() / 3.0),
        (Convention::DiceForeground, f64::midpoint(dice[1], dice[2])),
        (Convention::FrequencyWeighted, (11.0 * background + 4.0 * cat + 5.0 * dog) / 20.0),
        (Convention::PixelAccuracy, 17.0 / 20.0),
        (Convention::ClassAccuracy, (11.0 / 11.0 + 2.0 / 4.0 + 4.0 / 5.0) / 3.0),
    ] {
        let found = score(convention, None, [1, 1]);
        assert!((found - expected).abs() < 1e-12, "{}: {found} {expected}", convention.key());
    }
}

#[test]
fn image_by_image_and_class_by_class_by_hand() {
    let (first, second) = ([6.0 / 7.0, 2.0 / 4.0], [5.0 / 6.0, 4.0 / 5.0]);
    let sums = [first, second].map(|ious| ious.iter().sum::<f64>());
    for (convention, expected) in [
        (Convention::ImageWise, f64::midpoint(sums[0] / 2.0, sums[1] / 2.0)),
        // The dog that the first image does not label is predicted there: a third class with an IoU of 0.
        (Convention::ImageWisePredicted, f64::midpoint(sums[0] / 3.0, sums[1] / 2.0)),
        (Convention::ImageWiseAbsentZero, f64::midpoint(sums[0] / 4.0, sums[1] / 4.0)),
        // Absent are the cow of the first, and cat and cow of the second.
        (Convention::ImageWiseAbsentOne, f64::midpoint((sums[0] + 1.0) / 4.0, (sums[1] + 2.0) / 4.0)),
        (Convention::ImageWiseForeground, f64::midpoint(first[1], second[1])),
        // 5 % of two images is one image at least.
        (Convention::WorstImages, sums[0] / 2.0),
        (Convention::ClassWise, (f64::midpoint(first[0], second[0]) + first[1] + second[1]) / 3.0),
        (Convention::ClassWiseWorst, (second[0] + first[1] + second[1]) / 3.0),
    ] {
        let found = score(convention, None, [1, 1]);
        assert!((found - expected).abs() < 1e-12, "{}: {found} {expected}", convention.key());
    }
    let background = score(Convention::ClassWise, Some(0), [1, 1]);
    assert!((background - f64::midpoint(first[0], second[0])).abs() < 1e-12);
    assert_eq!(score(Convention::Dice, Some(2), [1, 1]), 0.8);
    assert!(score(Convention::Voc, Some(3), [1, 1]).is_nan(), "no cow anywhere");
}

/// Forty draws of the first image and sixty of the second: 5 of the hundred are the worst, and all are the first.
#[test]
fn the_worst_images_are_counted_as_often_as_they_are_drawn() {
    let worst = score(Convention::WorstImages, None, [40, 60]);
    assert!((worst - (6.0 / 7.0 + 0.5) / 2.0).abs() < 1e-12, "{worst}");
    // Of 3 and 97 draws, three of the five are the first.
    let mixed = score(Convention::WorstImages, None, [3, 97]);
    let (low, high) = ((6.0 / 7.0 + 0.5) / 2.0, (5.0 / 6.0 + 0.8) / 2.0);
    assert!((mixed - (3.0 * low + 2.0 * high) / 5.0).abs() < 1e-12, "{mixed}");
    // A drawn set without a cat leaves the cat out of everything, whatever an absent class counts as.
    let without = score(Convention::AbsentZero, None, [0, 1]);
    assert!((without - (5.0 / 6.0 + 0.8 + 0.0) / 3.0).abs() < 1e-12, "{without}");
}

#[test]
fn vocs_draws_are_those_of_every_other_interval() {
    let view = common::made_up();
    let how = Bootstrap { resamples: 50, ..Bootstrap::STANDARD };
    let (results, resampled) = (Results::new(&view), Resampled::new(&view, &how));
    let of = results.of(&id("ibe"), ModeChoice::Single);
    let fog = Condition::new("fog", 2).unwrap();
    let wanted = [Score { convention: Convention::Voc, class: None }];
    let sampler = Sampler::new(&view, &how, 0..50);
    let found = sampler.cell(&id("ibe"), &Mode::single(), &fog, &wanted)[0].clone().unwrap();
    assert_eq!(Some(found.value), of.value(Quantity::One(&fog)));
    assert_eq!(Some(found.draws), resampled.draws(of, Quantity::One(&fog)));
    let table = ConventionTable::new(&results, &how);
    let row = table.rows.iter().find(|row| row.model == id("ibe")).unwrap();
    assert_eq!(row.convention, Some(Convention::Voc));
    let [clean, corrupted] = [Quantity::Clean, Quantity::Cor].map(|q| resampled.interval(of, q).unwrap());
    for (mine, other) in [(row.clean.unwrap(), clean), (row.corrupted.unwrap(), corrupted)] {
        let pairs = [(mine.value, other.value), (mine.low, other.low), (mine.high, other.high)];
        assert!(pairs.iter().all(|(a, b)| (a - b).abs() < 1e-12), "{mine:?} {other:?}");
    }
    let means = crate::names::COLUMNS.map(|c| (of.corruption_mean(c.name).unwrap(), c.name));
    let lowest = means.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    assert_eq!(table.worst[&id("ibe")], lowest.1);
}

#[test]
fn without_a_background_there_is_no_row_without_it() {
    let mut view = View::new(&CLASSES, &["a", "b"]);
    view.without_background = true;
    let series = Series::new(id("net"), 0, Mode::single());
    let cell = Cell { series, condition: Condition::clean() };
    for (place, image) in images().into_iter().enumerate() {
        view.insert(&cell, place, image).unwrap();
    }
    let table =
        ConventionTable::new(&Results::new(&view), &Bootstrap { resamples: 5, ..Bootstrap::STANDARD });
    let keys: Vec<&str> = table.rows.iter().filter_map(|row| Some(row.convention?.key())).collect();
    assert_eq!((keys.len(), keys[0]), (14, "miou"));
    assert!(keys.iter().all(|key| !key.ends_with("foreground")));
    assert!(table.rows.iter().all(|row| row.corrupted.is_none()) && table.worst.is_empty());
}
