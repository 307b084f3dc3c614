//! The audit of tables, against sums that a reader can do by hand and against what public tables were found to hold.

use scribe_analysis::audit::{Finding, Findings, Kind, Layout, audit};
use scribe_analysis::check_paper;

/// The whole mIoU part of SemSegBench's table: the rows of names, `mIoU_clean` and `mIoU_2d_*` of
/// `semantic_segmentation/semsegbench/Config-Paths.csv`, github.com/shashankskagnihotri/
/// benchmarking_reliability_generalization, commit ac60e41 (CC0 1.0).
const SEMSEGBENCH: &str = include_str!("audit/semsegbench-miou.csv");

/// Instance segmentation on Coco in TABLE.md of github.com/bethgelab/robust-detection-benchmark, commit aecde7b, both
/// tracks.
const DETECTION: &str = "track,data,task,model,backbone,clean,corrupted,share
R50,Coco,mask,Mask R-CNN Combined,R-50-FPN,32.9,19.0,57.7
R50,Coco,mask,Cascade Mask R-CNN,R-50-FPN,35.7,17.6,49.3
R50,Coco,mask,Mask R-CNN,R-50-FPN,34.2,16.8,49.1
R50,Coco,mask,Mask R-CNN Stylizes,R-50-FPN,30.5,13.2,64.1
any,Coco,mask,Hybrid Task Cascade,X-101-64x4d-FPN-DCN,43.8,28.1,64.0
any,Coco,mask,Mask R-CNN,R-50-FPN-DCN,37.2,20.7,55.7
any,Coco,mask,Mask R-CNN Combined,R-50-FPN,32.9,19.0,57.7
any,Coco,mask,Cascade Mask R-CNN,R-50-FPN,35.7,17.6,49.3
any,Coco,mask,Mask R-CNN,R-50-FPN,34.2,16.8,49.1
any,Coco,mask,Mask R-CNN Stylizes,R-50-FPN,30.5,13.2,64.1
";

/// A table in which a model is a row with a clean score, of the conditions `head` names.
fn small(more: &str, head: &str, rows: &str) -> Findings {
    let conditions =
        ["fog-*", "snow-*", "c*"].into_iter().filter(|name| head.contains(&name[..name.len() - 1]));
    let conditions: Vec<&str> = conditions.filter(|name| *name != "c*" || head.starts_with('c')).collect();
    let layout = format!(
        "name = \"small\"\nmodel = [\"model\"]\nseverity_mark = \"-\"\n{more}\n\
         [[measure]]\nname = \"mIoU\"\nclean = \"clean\"\nconditions = {conditions:?}\n"
    );
    let roles = ["mean", "minimum", "rpc", "mce", "cd"].map(|role| {
        if head.split(',').any(|name| name == role) {
            format!("{role} = \"{role}\"\n")
        } else {
            String::new()
        }
    });
    let layout = Layout::parse(&(layout + &roles.concat()), "small.toml").unwrap();
    audit(&format!("model,clean,{head}\n{rows}"), "small.csv", &layout).unwrap()
}

fn of(found: &Findings, kind: Kind) -> Vec<&Finding> {
    found.list.iter().filter(|f| f.kind == kind).collect()
}

fn sentences(found: &Findings, kind: Kind) -> Vec<String> {
    of(found, kind).into_iter().map(Finding::sentence).collect()
}

/// Seven faults among 1,140 cells, 76 means and 76 minima; each can be read off the file. The lowest cell of SegFormer B0,
/// for example, is 25.02, and 31.24 is printed. A script in Python that shares nothing with this code found the same.
#[test]
fn a_public_table_has_a_copied_row_a_dead_row_a_collapsed_row_and_four_wrong_minima() {
    let mut layout = Layout::named("semsegbench").unwrap();
    layout.measures.retain(|measure| measure.name == "mIoU");
    let found = audit(SEMSEGBENCH, "semsegbench-miou.csv", &layout).unwrap();
    assert_eq!(
        found.summary,
        ["mIoU: 76 rows, 15 conditions; recomputed 76 means, 76 minima, 0 rPC, 0 mCE, 0 CD."]
    );
    let wrong: Vec<_> =
        of(&found, Kind::Wrong).iter().map(|f| (f.model.as_str(), f.printed, f.recomputed)).collect();
    assert_eq!(
        wrong,
        [
            ("segformer mit-b0 cityscapes 512x1024", Some(31.24), Some(25.02)),
            ("segformer mit-b1 cityscapes 512x1024", Some(32.78), Some(22.25)),
            ("segformer mit-b2 cityscapes 512x1024", Some(37.49), Some(17.46)),
            ("segformer mit-b3 cityscapes 512x1024", Some(36.11), Some(23.86)),
        ]
    );
    assert_eq!(
        sentences(&found, Kind::Suspect),
        [
            "column 39, deeplabv3 resnet101 ade20k 512x512, mIoU: all 15 cells are the same as in column 38: those of deeplabv3 resnet50 ade20k 512x512; at most one of the two rows is right.",
            "column 11, deeplabv3plus resnet18 cityscapes 512x1024, mIoU: 11 of 15 cells are 1.98: a network that answers the same under every condition is not at work.",
            // The cells add up to 127.96: 8.53 on average, 20.0 % of 42.66.
            "column 38, deeplabv3 resnet50 ade20k 512x512, mIoU: the cells keep 20.0 % of the clean score; the median of the 26 rows like it is 86.6 %.",
        ]
    );
    assert_eq!((found.faults(), of(&found, Kind::Rounding).len()), (7, 0));
    // Both may be true: they are no faults.
    assert_eq!(
        sentences(&found, Kind::Note),
        [
            "column 71, segformer mit-b5 voc 512x512, mIoU: 1 of 15 cells are above the clean score 80.95: mIoU_2d_pixelate 81.17.",
            "column 77, mask2former swin-b voc 512x512, mIoU: 3 of 15 cells are above the clean score 83.81: mIoU_2d_fog 83.90, mIoU_2d_brightness 83.90, mIoU_2d_contrast 84.29.",
        ]
    );
}

/// 13.2 / 30.5 is 43.3 %, not 64.1 %. The others follow within rounding: 28.1 / 43.8 is 64.155 %, printed 64.0, and
/// (28.1 - 0.05) / (43.8 + 0.05) is 63.97 %.
#[test]
fn a_share_that_does_not_follow_from_its_row_is_found_in_both_tracks() {
    let found = audit(DETECTION, "detection.csv", &Layout::named("robust-detection").unwrap()).unwrap();
    assert_eq!(found.faults(), 2);
    assert_eq!(
        sentences(&found, Kind::Wrong),
        [
            "line 5, R50 Coco mask Mask R-CNN Stylizes R-50-FPN, AP rPC: the printed rPC is 64.1; mean and clean give 43.28, a difference of +20.82, more than rounding explains.",
            "line 11, any Coco mask Mask R-CNN Stylizes R-50-FPN, AP rPC: the printed rPC is 64.1; mean and clean give 43.28, a difference of +20.82, more than rounding explains.",
        ]
    );
    // 57.751 printed as 57.7 (twice) and 64.155 as 64.0; 55.645 printed as 55.7 differs by 0.055.
    let rounding: Vec<_> = of(&found, Kind::Rounding).iter().map(|f| f.printed.unwrap()).collect();
    assert_eq!(rounding, [57.7, 64.0, 55.7, 57.7]);
}

/// The paper's Table 1 is a layout like any other: the audit has the very means that `check_paper` reports.
#[test]
fn the_papers_table_is_a_layout_of_the_same_code() {
    let text = include_str!("../../../data/paper/table1.csv");
    let found = audit(text, "table1.csv", &Layout::named("paper-table1").unwrap()).unwrap();
    assert_eq!((found.faults(), of(&found, Kind::Rounding).len()), (28, 15));
    let numbers = |f: &Finding| (f.model.clone(), f.column.clone(), f.printed, f.recomputed);
    for kind in [Kind::Wrong, Kind::Rounding] {
        let papers = check_paper().findings();
        let papers = papers.iter().filter(|f| f.kind == kind && f.column != "all").map(numbers);
        assert!(papers.eq(of(&found, kind).into_iter().map(numbers)), "{kind:?}");
    }
}

/// The means are 40.033, 40.1 and 40.067. All cells may be 0.05 more and the mean another 0.05: 40.2 is possible for B,
/// but not for C. In the digits of the cells a minimum is the lowest cell: 30.3 is wrong for B's 30.2, too.
#[test]
fn means_and_minima_follow_from_their_cells_or_are_found() {
    let found = small(
        "",
        "c1,c2,c3,mean,minimum",
        "A,70.0,50.0,40.1,30.0,40.0,30.0\nB,70.0,50.0,40.1,30.2,40.2,30.3\nC,70.0,50.0,40.1,30.1,40.2,30.3\n",
    );
    let places = |kind| -> Vec<_> {
        of(&found, kind).into_iter().map(|f| (f.model.as_str(), f.column.as_str())).collect()
    };
    assert_eq!(places(Kind::Wrong), [("C", "mIoU mean"), ("B", "mIoU minimum"), ("C", "mIoU minimum")]);
    assert_eq!(places(Kind::Rounding), [("B", "mIoU mean")]);
}

/// Errors of R: fog 40 + 60 = 100, snow 50 + 70 = 120. Of A: fog 30 + 50 = 80, snow 38 + 58 = 96. CE 0.8 and 0.8.
/// If all cells of A are 0.5 less and of R 0.5 more it is (81 / 99 + 97 / 119) / 2 = 81.7 %.
#[test]
fn mce_and_cd_are_relative_to_the_reference_row() {
    let head = "fog-1,fog-2,snow-1,snow-2,mce,cd";
    let rows = |mce: &str| format!("R,80,60,40,50,30,100,100.0\nA,85,70,50,62,42,{mce},80.0\n");
    let kinds = |mce: &str| {
        let found = small("reference = \"R\"", head, &rows(mce));
        found.list.iter().map(|f| (f.kind, f.recomputed.unwrap().round())).collect::<Vec<_>>()
    };
    assert_eq!(kinds("80.0"), []);
    assert_eq!(kinds("81.0"), [(Kind::Rounding, 80.0)]);
    assert_eq!(kinds("81.9"), [(Kind::Wrong, 80.0)]);
}

#[test]
fn rows_that_repeat_are_dead_or_above_clean_are_suspect_and_rises_are_noted() {
    let head = "fog-1,fog-2,snow-1,snow-2";
    let found = small(
        "",
        head,
        "A,80,60,40,50,30\nB,81,60,40,50,30\nC,79,2,1,2,2\nD,50,70,60,55,45\nE,60,40,41,,30\n",
    );
    assert_eq!(
        sentences(&found, Kind::Suspect),
        [
            "line 3, B, mIoU: all 4 cells are the same as in line 2: those of A; at most one of the two rows is right.",
            "line 4, C, mIoU: 3 of 4 cells are 2: a network that answers the same under every condition is not at work.",
            // (70 + 60 + 55 + 45) / 4 = 57.5
            "line 5, D, mIoU: the cells average 58, more than the clean score 50; 3 of 4 are above it: fog-1 70, fog-2 60, snow-1 55.",
        ]
    );
    assert_eq!(
        sentences(&found, Kind::Note),
        [
            "E, mIoU: the score rises with severity: fog 1 to 2 (40 to 41).",
            "line 6, E, mIoU: 1 of 4 cells are empty: what is made of them is not checked.",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_named_with_what_was_expected() {
    let layout = |text: &str| Layout::parse(text, "mine.toml").unwrap_err().to_string();
    let head = "name = \"x\"\nmodel = [\"model\"]\n";
    assert!(layout("name = 3").starts_with("layout mine.toml: "));
    assert!(
        layout(&format!("{head}colour = 1\n[[measure]]\nname = \"m\"")).contains("unknown field `colour`")
    );
    assert!(layout(&format!("{head}[[measure]]\nname = \"m\"\nmce = \"mce\"")).contains("no `reference`"));
    let unknown = Layout::named("cityscapes").unwrap_err().to_string();
    assert!(
        unknown.contains("expected paper-table1, robustbench, robust-detection, semsegbench, or the path")
    );

    let measure = "[[measure]]\nname = \"m\"\nclean = \"clean\"\nconditions = [\"fog\"]\n";
    let read = |text: &str, more: &str| {
        let layout = Layout::parse(&format!("{head}{more}{measure}"), "mine.toml").unwrap();
        audit(text, "t.csv", &layout).unwrap_err().to_string()
    };
    assert_eq!(
        read("model,clean,fog\nA,70,5O\n", ""),
        "t.csv, line 2: fog is `5O`; expected a number with a decimal point (with a comma, the layout needs decimal_comma = true), or an empty cell"
    );
    assert!(
        read("model,fog\nA,70\n", "").starts_with("t.csv, head: no column `clean`, which the layout names")
    );
    assert_eq!(
        read("model,clean,snow\nA,70,1\n", ""),
        "t.csv, head: no column fits `fog`, which the layout names among the conditions; it has model, clean, snow"
    );
    assert!(read("model,clean,fog\nA,70\n", "").starts_with("t.csv, line 2: "));
    assert!(read("model,clean,fog\n", "").contains("there is no model"));
    let severity = "severity = \"clean\"\n";
    assert!(read("model,clean,fog\nA,x,70\n", severity).contains("severity `x`; expected a whole number"));
}
