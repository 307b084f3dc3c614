//! Real pictures, where there are some.

mod common;

use common::voc_subset;
use scribe_dataset::{LabelFolder, Split, TestView, VocSplit, check_dataset};

#[test]
fn the_subset_opens_and_its_val_split_is_clean() {
    let Some(root) = voc_subset() else { return };
    let train = VocSplit::open(&root, "train", LabelFolder::Auto).unwrap();
    let val = VocSplit::open(&root, "val", LabelFolder::Auto).unwrap();
    assert_eq!((train.ids().len(), val.ids().len()), (3131, 300));
    assert!(VocSplit::open(&root, "val", LabelFolder::Class).is_err());
    let report = check_dataset(&val, &|_, _| {});
    assert!(report.is_clean(), "{:?}", report.problems);
    // Counted with numpy on the same files: np.bincount(np.asarray(Image.open(path)).ravel(), minlength=256).
    let images = [297, 0, 1, 1, 0, 3, 1, 3, 78, 9, 47, 2, 87, 50, 1, 59, 5, 43, 13, 0, 4];
    assert_eq!(report.class_images, images);
    assert_eq!((report.class_pixels[0], report.class_pixels[15]), (36_952_320, 1_202_844));
    assert_eq!(report.void_pixels, 2_940_711);
    let sample = val.load(&val.ids()[0]).unwrap();
    assert_eq!(TestView::Squash(224).apply(sample).label.dimensions(), (224, 224));
}
