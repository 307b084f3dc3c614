//! Every corruption of every suite: names, order, documentation, constants, and the errors that name them.

mod support;

use scribe_corruptions::{
    Condition, Corruption, EXTRAS, Error, FrostTextures, Group, Meta, PAPER_ORDER, Picture, PictureMut, Rng,
    Severity, SizePolicy, Suite, Tolerance,
};
use std::collections::HashSet;

fn suites() -> [Suite; 2] {
    [Suite::imagecorruptions(), Suite::imagenet_c()]
}

#[test]
fn names_are_the_paper_s_in_its_order_and_unique() {
    for suite in suites() {
        let names: Vec<_> = suite.corruptions().map(Corruption::name).collect();
        assert_eq!(names, PAPER_ORDER);
        let all: Vec<_> = suite.all().map(Corruption::name).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        for extra in EXTRAS {
            assert_eq!(suite.get(extra).expect("an extra").name(), extra);
        }
    }
}

#[test]
fn groups_follow_the_header_of_table_1() {
    for suite in suites() {
        let groups: Vec<_> = suite.corruptions().map(Corruption::group).collect();
        assert!(groups.is_sorted(), "Table 1 lists group after group: {groups:?}");
        let sizes = Group::ALL.map(|g| groups.iter().filter(|h| **h == g).count());
        assert_eq!(sizes, [3, 4, 3, 2, 3]);
    }
}

#[test]
fn each_is_described_and_has_constants_for_five_severities() {
    for suite in suites() {
        for corruption in suite.all() {
            assert!(corruption.about().ends_with('.'), "{}", corruption.name());
            assert!(corruption.implementation().contains('/'), "{}", corruption.implementation());
            let constants: HashSet<_> = Severity::ALL.iter().map(|s| corruption.parameters(*s)).collect();
            assert_eq!(constants.len(), 5, "{} repeats a severity", corruption.name());
        }
    }
}

#[test]
fn conditions_are_the_75_columns() {
    let suite = Suite::imagecorruptions();
    let conditions: Vec<_> = suite.conditions().map(|(c, s)| (c.name(), s.get())).collect();
    assert_eq!(conditions.len(), 75);
    assert_eq!(conditions[5], ("shot_noise", 1));
    assert_eq!(conditions[74], ("jpeg_compression", 5));
}

#[test]
fn sizes_are_refused_by_name() {
    let severity = Severity::new(1).expect("a severity");
    for (suite, (w, h)) in suites().iter().zip([(31, 64), (225, 224)]) {
        for corruption in suite.all() {
            let mut picture = Picture::from_pixel(w, h, [0; 3]);
            let refused = corruption.apply_in_place((&mut picture).into(), severity, &mut Rng::seed(0));
            let error = refused.expect_err("a refused size");
            assert_eq!(
                error,
                Error::Size { corruption: corruption.name(), width: w, height: h, policy: corruption.size() }
            );
        }
    }
    let error = Error::Size { corruption: "fog", width: 31, height: 64, policy: SizePolicy::ANY };
    assert_eq!(error.to_string(), "fog: a picture of 31x64 pixels, expected at least 32x32");
    // Its square would have 16384 x 16384 pixels.
    let mut strip = Picture::from_pixel(32, 8193, [0; 3]);
    let suite = Suite::imagecorruptions();
    let error =
        suite.apply(&mut strip, "fog", severity, 0, "strip").expect_err("a refused strip").to_string();
    assert!(
        error.starts_with("fog: a picture of 32x8193 pixels, expected at least 32x32, and no long strip"),
        "{error}"
    );
    suite.apply(&mut strip, "snow", severity, 0, "strip").expect("an accepted strip");
}

#[test]
fn what_is_unknown_is_answered_with_what_is_known() {
    let suite = Suite::imagecorruptions();
    let text = suite.get("gausian_noise").map(|_| ()).expect_err("a misspelt name").to_string();
    assert!(text.contains("gausian_noise") && text.contains("gaussian_noise") && text.contains("spatter"));
    let text = Suite::by_name("imagenet-c").map(|_| ()).expect_err("a misspelt suite").to_string();
    assert!(text.contains("imagenet-c") && text.contains("imagenet_c"));
    for bad in ["0", "6", "-1", "2.0", ""] {
        let text = bad.parse::<Severity>().expect_err("a refused severity").to_string();
        assert_eq!(text, format!("severity {bad:?}: expected a whole number from 1 to 5"));
    }
    assert!(Severity::try_from(0).is_err() && Severity::try_from(5).is_ok());
    assert!(matches!("fog".parse::<Condition>(), Err(Error::Condition { .. })));
    assert!(matches!("fog:9".parse::<Condition>(), Err(Error::Severity { .. })));
}

/// Fog that is not there.
struct NoFog;

static NO_FOG: Meta = Meta {
    name: "fog",
    implementation: "clear-sky/1",
    group: Group::Weather,
    about: "Leaves the picture as it is.",
    parameters: |_| "none".to_string(),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for NoFog {
    fn meta(&self) -> &Meta {
        &NO_FOG
    }

    fn corrupt(&self, _: PictureMut<'_>, _: Severity, _: &mut Rng) {}
}

#[test]
fn one_implementation_is_replaced_and_keeps_its_place() {
    let suite = Suite::imagecorruptions().replace(Box::new(NoFog)).expect("fog is known");
    assert_eq!(suite.get("fog").expect("fog").implementation(), "clear-sky/1");
    let names: Vec<_> = suite.corruptions().map(Corruption::name).collect();
    assert_eq!(names, PAPER_ORDER);
    let picture = support::formula_image(40, 40);
    let done = suite.get("fog").expect("fog").apply(&picture, Severity::ALL[4], &mut Rng::seed(0));
    assert_eq!(done.expect("a picture"), picture);
}

#[test]
fn frost_says_where_its_ice_is_from() {
    for suite in suites() {
        assert_eq!(suite.frost_source(), "frost-procedural/1");
    }
    let one = Picture::from_pixel(900, 600, [0; 3]);
    let error = FrostTextures::reference(vec![one]).map(|_| ()).expect_err("one of five");
    assert_eq!(error.to_string(), "frost textures: 1 pictures, expected the reference's five or six");
}
