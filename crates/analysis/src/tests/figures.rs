//! The figures of a made-up view as data.

use super::common;
use crate::figures::{fig3, fig4, fig5, fig6};
use crate::{Bootstrap, ReportExtra, Resampled, Results, contents};
use scribe_records::LogitMoments;

#[test]
fn figures_hold_what_they_are_named_for() {
    let view = common::made_up();
    let three = fig3(&view, None).unwrap();
    assert_eq!(three.class_name, "person", "the made-up models predict it most often");
    assert_eq!(fig3(&view, Some("dog")).unwrap().class, 12);
    assert!(fig3(&view, Some("unicorn")).is_none());
    let never = fig3(&view, Some("sheep")).unwrap();
    assert!(never.models.iter().all(|m| m.pixels == 0 && m.uncentred.is_none() && m.centred.is_none()));
    let four = fig4(&view).unwrap();
    assert_eq!(four.curves.len(), 2 * 2 * 3);
    let five = fig5(&Results::new(&view), &Bootstrap::STANDARD, &Resampled::new(&view, &Bootstrap::STANDARD))
        .unwrap();
    assert_eq!(five.lines.len(), 6);
    assert!(five.lines.iter().all(|l| l.points.len() == 6 && l.points[0].band.is_none()));
    assert!(
        five.lines
            .iter()
            .flat_map(|l| &l.points[1..])
            .all(|p| p.band.is_some_and(|b| b.0 <= p.mean && p.mean <= b.1))
    );
    let six = fig6(&view, None).unwrap();
    let names: Vec<&str> = six.strips.iter().map(|s| s.corruption.as_str()).collect();
    assert_eq!(names, ["Gaussian noise", "defocus blur", "snow"]);
    assert_eq!(six.models, ["Baseline", "SCrIBE"]);
    assert!(
        six.strips
            .iter()
            .all(|s| s.shown.len() == 3 && s.shown.iter().all(|x| x.predictions.iter().all(Option::is_some)))
    );
    assert!(fig6(&view, Some("nowhere")).is_none());
}

#[test]
fn a_model_that_predicts_one_class_only_still_gets_a_report() {
    let mut view = common::made_up();
    let mut flat = LogitMoments::new(21);
    flat.add(&[1.0; 42], &[0, 0]).unwrap();
    let cells: Vec<_> = view.moments.keys().cloned().collect();
    view.moments.clear();
    view.sums.clear();
    cells.iter().for_each(|c| view.insert_moments(c, 0, &flat).unwrap());
    assert!(fig3(&view, None).is_none());
    assert!(contents(&view, &ReportExtra { resamples: Some(60), ..ReportExtra::default() }).is_ok());
}
