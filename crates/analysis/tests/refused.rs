//! What a report cannot be made of is an error that names it.

mod common;

use scribe_analysis::{Bootstrap, ReportExtra, contents, score_maps, write_report};

/// Few resamples: these tests look at messages and not at how wide an interval is.
fn quick() -> ReportExtra {
    ReportExtra { resamples: Some(60), ..ReportExtra::default() }
}

#[test]
fn a_panel_that_is_no_picture_is_an_error_and_not_a_panic() {
    let mut view = common::made_up();
    view.panels.iter_mut().for_each(|p| p.label = b"not a PNG".to_vec());
    let error = contents(&view, &quick()).unwrap_err().to_string();
    assert!(error.contains("label map"), "{error}");
}

#[test]
fn more_resamples_than_memory_holds_are_refused() {
    let extra = ReportExtra { resamples: Some(4_294_967_295), ..ReportExtra::default() };
    let said = contents(&common::made_up(), &extra).unwrap_err().to_string();
    assert_eq!(said, "the number of resamples is 4294967295; expected at most 1000000");
    let how = Bootstrap { resamples: 1_000_001, ..Bootstrap::STANDARD };
    let said = score_maps([(&[0u8][..], &[0u8][..])], 2, None, &how).unwrap_err().to_string();
    assert_eq!(said, "the number of resamples is 1000001; expected at most 1000000");
}

/// 200,000,000 / 201 = 995,024.9.
#[test]
fn more_resamples_than_so_many_pictures_may_have_are_refused() {
    let expected = "1000000 resamples of 201 pictures: their draws take 4 bytes for each picture and resample; expected at most \
                    995024 resamples of so many pictures";
    let mut view = common::made_up();
    view.images.resize(201, "further".to_owned());
    let extra = ReportExtra { resamples: Some(1_000_000), ..ReportExtra::default() };
    assert_eq!(contents(&view, &extra).unwrap_err().to_string(), expected);
    let how = Bootstrap { resamples: 1_000_000, ..Bootstrap::STANDARD };
    let maps = [(&[0u8][..], &[0u8][..]); 201];
    assert_eq!(score_maps(maps, 2, None, &how).unwrap_err().to_string(), expected);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = write_report(&file, &common::made_up(), &quick()).unwrap_err().to_string();
    assert!(error.contains(&file.display().to_string()), "{error}");
}

#[test]
fn a_choice_that_is_not_there_is_named() {
    let view = common::made_up();
    let refused = |extra: ReportExtra| contents(&view, &extra).unwrap_err().to_string();
    let named = |text: &str| Some(text.to_owned());
    for (extra, says) in [
        (ReportExtra { reference: named("unet"), ..quick() }, "`unet`; expected Baseline, IBE and SCrIBE"),
        (ReportExtra { fig3_class: named("unicorn"), ..quick() }, "class `unicorn`; expected background"),
        (ReportExtra { fig6_image: named("x"), ..quick() }, "pictures of `x`"),
    ] {
        let message = refused(extra);
        assert!(message.contains(says), "{message}");
    }
    let dir = tempfile::tempdir().unwrap();
    write_report(dir.path(), &view, &ReportExtra { reference: named("IBE"), ..quick() }).unwrap();
    let table = std::fs::read_to_string(dir.path().join("corruption-error.csv")).unwrap();
    let names: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["Baseline", "SCrIBE"], "the models beside the reference");
}
