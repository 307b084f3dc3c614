//! Swapped implementations against the reference, each under the tolerance that it declares.
//!
//! A line in [`swapped`] is all that a contributor's implementation needs to be tried.

mod support;

#[path = "../examples/swap_one.rs"]
mod swap_one;

use scribe_base::digest::sha256_hex;
use scribe_corruptions::{
    Corruption, Error, Meta, PictureMut, Rng, Severity, Suite, Tolerance, formula_picture, trial,
};
use support::rows;

/// Every swapped implementation, with the suite in which it takes its place.
fn swapped() -> Vec<(&'static str, Box<dyn Corruption>)> {
    vec![("imagecorruptions", Box::new(swap_one::WholeNumberContrast))]
}

#[test]
fn each_is_as_near_as_it_declares() {
    for (name, candidate) in swapped() {
        let suite = Suite::by_name(name).expect("a suite");
        let trials = trial(candidate.as_ref(), suite.get(candidate.name()).expect("the same name"))
            .expect("near enough");
        let worst = trials.iter().map(|t| t.deviation.share()).fold(0.0, f64::max);
        eprintln!(
            "{} {}: {} trials, at most {:.4} % of samples",
            candidate.name(),
            candidate.implementation(),
            trials.len(),
            100.0 * worst
        );
        assert!(!trials.is_empty());
        suite.replace(candidate).expect("it takes its place");
    }
}

/// The trials' sizes and seeds are those of the truth rows, so what a candidate is measured by is the reference itself.
#[test]
fn what_they_are_measured_by_is_the_reference() {
    for (suite_name, candidate) in swapped() {
        let suite = Suite::by_name(suite_name).expect("a suite");
        let reference = suite.get(candidate.name()).expect("the same name");
        let rows = rows(&format!("{suite_name}-formula.csv"));
        let rows: Vec<_> = rows.iter().filter(|row| row.corruption == candidate.name()).collect();
        let trials = trial(reference, reference).expect("itself");
        assert_eq!(rows.len(), trials.len());
        for row in rows {
            let trial = trials.iter().find(|t| {
                (t.width, t.height, t.severity.get(), t.seed)
                    == (row.width, row.height, row.severity, row.seed)
            });
            let trial = trial.unwrap_or_else(|| panic!("no trial for {row:?}"));
            let mut picture = formula_picture(row.width, row.height);
            let mut rng = Rng::seed(trial.seed);
            reference
                .apply_in_place((&mut picture).into(), trial.severity, &mut rng)
                .expect("an accepted size");
            assert_eq!(sha256_hex(picture.bytes()), row.sha256, "{row:?}");
        }
    }
}

/// The same implementation with nothing declared.
struct Undeclared;

static UNDECLARED: Meta =
    Meta { implementation: "undeclared/1", tolerance: Tolerance::EXACT, ..swap_one::META };

impl Corruption for Undeclared {
    fn meta(&self) -> &Meta {
        &UNDECLARED
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        swap_one::WholeNumberContrast.corrupt(picture, severity, rng);
    }
}

#[test]
fn what_declares_nothing_must_be_exact() {
    let suite = Suite::imagecorruptions();
    let error = trial(&Undeclared, suite.get("contrast").expect("contrast")).expect_err("a byte differs");
    let text = error.to_string();
    assert!(matches!(error, Error::Tolerance { tolerance: Tolerance::EXACT, .. }), "{text}");
    assert!(text.starts_with("contrast (undeclared/1), severity "), "{text}");
}
