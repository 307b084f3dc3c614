//! Swapped implementations against the reference, each under the tolerance that it declares.
//!
//! A line in [`swapped`] is all that a contributor's implementation needs to be tried.

mod support;

#[path = "../examples/swap_one.rs"]
mod swap_one;

use scribe_corruptions::{Corruption, Error, Group, Result, Rng, Severity, Suite, Tolerance, trial};
use support::{formula_image, rows, sha256};

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
            let picture = formula_image(row.width, row.height);
            let done =
                reference.apply(&picture, trial.severity, &mut Rng::seed(trial.seed)).expect("a picture");
            assert_eq!(sha256(&done), row.sha256, "{row:?}");
        }
    }
}

/// The same implementation with nothing declared.
struct Undeclared;

impl Corruption for Undeclared {
    fn name(&self) -> &'static str {
        "contrast"
    }

    fn implementation(&self) -> &'static str {
        "undeclared/1"
    }

    fn group(&self) -> Group {
        Group::Lighting
    }

    fn about(&self) -> &'static str {
        "Says nothing of its tolerance."
    }

    fn parameters(&self, severity: Severity) -> String {
        swap_one::WholeNumberContrast.parameters(severity)
    }

    fn apply_in_place(
        &self,
        pixels: &mut [u8],
        w: usize,
        h: usize,
        s: Severity,
        rng: &mut Rng,
    ) -> Result<()> {
        swap_one::WholeNumberContrast.apply_in_place(pixels, w, h, s, rng)
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
