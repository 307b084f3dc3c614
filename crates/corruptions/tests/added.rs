//! Corruptions that are added to a suite from outside.

#[path = "../examples/add_rain.rs"]
mod add_rain;

use add_rain::Rain;
use scribe_corruptions::{
    Corruption, Error, Group, Meta, PAPER_ORDER, Picture, PictureMut, Rng, Severity, Suite, corruptions::Fog,
    seed_for,
};

/// A corruption that only has a name and a group.
struct Named(Meta);

impl Corruption for Named {
    fn meta(&self) -> &Meta {
        &self.0
    }

    fn corrupt(&self, _: PictureMut<'_>, _: Severity, _: &mut Rng) {}
}

fn named(name: &'static str, group: Group) -> Box<dyn Corruption> {
    Box::new(Named(Meta { name, group, ..*Rain.meta() }))
}

fn rainy() -> Suite {
    Suite::imagecorruptions().with(Box::new(Rain)).expect("a new name")
}

#[test]
fn the_example_runs() {
    add_rain::main().expect("no error");
}

#[test]
fn it_is_held_beside_the_paper_s_and_chosen_by_name_or_group() {
    let suite = rainy();
    let names: Vec<_> = suite.corruptions().map(Corruption::name).collect();
    assert_eq!(names, PAPER_ORDER);
    assert_eq!(suite.conditions().count(), 75);
    assert_eq!(suite.all().count(), Suite::imagecorruptions().all().count() + 1);
    let names = |words: &[&str]| -> Vec<&str> {
        suite.select(words).expect("known words").iter().map(|c| c.name()).collect()
    };
    assert_eq!(names(&["wet"]), ["rain"]);
    assert_eq!(names(&["rain, fog"]), ["rain", "fog"]);
    assert_eq!(names(&["all"]), PAPER_ORDER);
    let unknown = suite.select(&["rian"]).err().expect("a misspelt name").to_string();
    assert!(unknown.contains("did you mean rain? ") && unknown.contains("spatial, wet, extras"), "{unknown}");
}

#[test]
fn one_call_finds_it_seeds_it_and_applies_it() {
    let (suite, severity) = (rainy(), Severity::ALL[4]);
    let start = Picture::from_pixel(50, 40, [10, 20, 30]);
    let (mut by_suite, mut by_hand) = (start.clone(), start.clone());
    let seed = suite.apply(&mut by_suite, "rain", severity, 7, "a").expect("an accepted size");
    assert_eq!(seed, seed_for(7, "a", "rain", severity));
    Rain.apply_in_place((&mut by_hand).into(), severity, &mut Rng::seed(seed)).expect("an accepted size");
    assert_eq!(by_suite, by_hand);
    assert_ne!(by_suite, start);
    let small = suite.apply(&mut Picture::from_pixel(31, 40, [0; 3]), "rain", severity, 7, "a");
    assert!(matches!(small, Err(Error::Size { corruption: "rain", .. })), "{small:?}");
    let unknown = suite.apply(&mut by_suite, "hail", severity, 7, "a");
    assert!(matches!(unknown, Err(Error::UnknownCorruption { .. })));
}

#[test]
fn names_that_mean_something_else_are_refused() {
    let refused = |name, group| rainy().with(named(name, group)).err().map(|error| error.to_string());
    assert_eq!(refused("hail", Group::Other("wet")), None);
    assert_eq!(refused("hail", Group::Weather), None);
    for name in
        ["rain", "fog", "clean", "all", "extras", "noise", "wet", "", "Hail", "heavy rain", "a:1", "a,b"]
    {
        let error = refused(name, Group::Blur).unwrap_or_else(|| panic!("{name:?} is taken"));
        assert!(error.starts_with(&format!("name of a corruption: {name:?}, expected ")), "{error}");
    }
    for group in ["noise", "fog", "rain", "hail", "all", "", "Wet"] {
        let error = refused("hail", Group::Other(group)).unwrap_or_else(|| panic!("{group:?} is taken"));
        assert!(error.starts_with(&format!("group of a corruption: {group:?}, expected ")), "{error}");
    }
    assert!(rainy().with(Box::new(Fog)).is_err() && rainy().replace(Box::new(Fog)).is_ok());
}

#[test]
fn a_replacement_cannot_bring_such_a_group_either() {
    for group in ["snow", "all", "A,b", "fog"] {
        let replaced = Suite::imagecorruptions().replace(named("fog", Group::Other(group)));
        assert!(replaced.is_err(), "{group}");
    }
    assert!(Suite::imagecorruptions().replace(named("fog", Group::Other("wet"))).is_ok());
}
