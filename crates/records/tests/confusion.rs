//! The confusion: literal cases, and its sums against a slow reference.

use proptest::prelude::*;
use scribe_records::{Confusion, Error, ErrorSplit, SparseConfusion, VOID};

#[test]
fn void_is_skipped_and_axes_are_truth_then_prediction() {
    let mut c = Confusion::new(3);
    c.add(&[0, 0, 1, 1, VOID], &[0, 1, 1, 2, 0]).unwrap();
    assert_eq!(Vec::from(&c), [1, 1, 0, 0, 1, 1, 0, 0, 0]);
    assert_eq!(c.total(), 4);
    assert_eq!(c.iou(0), Some(0.5));
    assert_eq!(c.iou(1), Some(1.0 / 3.0));
    assert_eq!(c.iou(2), Some(0.0), "predicted but never true: its union is not empty, so it counts as 0");
    assert_eq!(c.classes_counted(), 3);
    assert_eq!(c.accuracy(), Some(0.5));
    let split = ErrorSplit { fg_to_bg: 0, fg_to_fg: 1, bg_to_fg: 1, fg_right: 1, bg_right: 1 };
    assert_eq!((c.errors(), c.errors().wrong()), (split, 2));
}

#[test]
fn a_class_that_never_occurs_is_left_out_of_the_mean() {
    let mut c = Confusion::new(21);
    assert_eq!((c.miou(), c.accuracy(), c.classes_counted()), (None, None, 0));
    c.add(&[0, 0, 5, 5], &[0, 0, 5, 0]).unwrap();
    assert_eq!(c.classes_counted(), 2);
    assert_eq!(c.miou(), Some((2.0 / 3.0 + 0.5) / 2.0));
}

#[test]
fn a_label_outside_the_classes_changes_nothing() {
    let mut c = Confusion::new(2);
    c.add(&[1], &[1]).unwrap();
    let before = c.clone();
    let truth = c.add(&[0, 2], &[0, 0]).unwrap_err();
    assert!(matches!(truth, Error::Class { what: "truth", value: 2, pixel: 1, classes: 2 }));
    assert_eq!(truth.to_string(), "truth 2 at pixel 1: expected a class below 2 or 255 (void)");
    let pred = c.add(&[0, 0], &[0, VOID]).unwrap_err();
    assert_eq!(pred.to_string(), "prediction 255 at pixel 1: expected a class below 2");
    assert!(matches!(c.add(&[0], &[0, 0]), Err(Error::Length { found: 2, expected: 1, .. })));
    assert!(matches!(c.merge(&Confusion::new(3)), Err(Error::Shape { found: 3, expected: 2, .. })));
    assert_eq!(c, before);
}

#[test]
fn a_sparse_cell_outside_the_classes_is_refused() {
    let mut wide = Confusion::new(4);
    wide.add(&[0, 3], &[0, 1]).unwrap();
    let sparse = SparseConfusion::try_from(&wide).unwrap();
    assert_eq!(sparse.cells(), [(0, 0, 1), (3, 1, 1)]);
    assert!(matches!(sparse.dense(3), Err(Error::Class { what: "truth", value: 3, .. })));
}

proptest! {
    #[test]
    fn merging_is_counting_together(pixels in prop::collection::vec((0u8..6, 0u8..5), 0..200), cut in 0usize..200) {
        let truth: Vec<u8> = pixels.iter().map(|p| if p.0 == 5 { VOID } else { p.0 }).collect();
        let pred: Vec<u8> = pixels.iter().map(|p| p.1).collect();
        let cut = cut.min(pixels.len());
        let of = |range: std::ops::Range<usize>| {
            let mut c = Confusion::new(5);
            c.add(&truth[range.clone()], &pred[range]).unwrap();
            c
        };
        let whole = of(0..pixels.len());
        let mut parts = of(0..cut);
        parts.merge(&of(cut..pixels.len())).unwrap();
        prop_assert_eq!(&parts, &whole);
        prop_assert_eq!(SparseConfusion::try_from(&whole).unwrap().dense(5).unwrap(), whole.clone());
        for class in 0..5u8 {
            let counted = |in_union: bool| truth.iter().zip(&pred).filter(|&(&t, &p)| {
                t != VOID && if in_union { t == class || p == class } else { t == class && p == class }
            }).count();
            let slow = (counted(true) > 0).then(|| counted(false) as f64 / counted(true) as f64);
            prop_assert_eq!(whole.iou(class as usize), slow);
        }
    }
}
