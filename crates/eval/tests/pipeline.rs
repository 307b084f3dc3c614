//! How pictures and label maps come to be what a model sees and is scored against, against a plain loop: channel order, the
//! place of the corruption, and a label map that moves.

mod common;

use common::*;
use image::{GrayImage, RgbImage};
use scribe_base::digest::sha256_hex;
use scribe_corruptions::corruptions::{ElasticTransform, ElasticWithMovedLabel, Snow};
use scribe_corruptions::{ChannelOrder, Corruption, Rng, Severity, Suite, seed_for};
use scribe_dataset::{CorruptionPlace, ImageId, Sample, Split};
use scribe_eval::{Pass, run};
use scribe_records::*;

const MOVED: &str = "elastic_transform_moved_label";

fn condition(name: &str) -> Condition {
    Condition::new(name, 4).unwrap()
}

fn applied(corruption: &dyn Corruption, image: &RgbImage, id: &ImageId) -> RgbImage {
    let severity = Severity::new(4).unwrap();
    let seed = seed_for(MASTER, id.as_str(), corruption.name(), severity);
    corruption.apply(image, severity, &mut Rng::seed(seed)).unwrap()
}

fn moved(label: &GrayImage, id: &ImageId) -> GrayImage {
    let severity = Severity::new(4).unwrap();
    let seed = seed_for(MASTER, id.as_str(), "elastic_transform", severity);
    ElasticTransform.warp_label(label, severity, &mut Rng::seed(seed)).unwrap()
}

fn swapped(image: &RgbImage) -> RgbImage {
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [r, g, b] = image.get_pixel(x, y).0;
        image::Rgb([b, g, r])
    })
}

/// The hash of an image's bytes in the store.
fn stored(store: &Store, id: &ImageId, condition: &Condition) -> String {
    let inputs = store.inputs().unwrap();
    inputs.into_iter().find(|i| i.image_id == id.as_str() && i.condition == *condition).unwrap().sha256
}

/// Pass over clean, snow and the two elastic transforms, of one network.
fn pass<'a>(world: &'a World, suite: &'a Suite) -> Pass<'a> {
    let mut pass = world.pass().conditions(vec![
        Condition::clean(),
        condition("snow"),
        condition("elastic_transform"),
        condition(MOVED),
    ]);
    pass.suite = suite;
    pass.entrants.truncate(1);
    pass
}

#[test]
fn a_label_that_moves_is_the_one_that_is_scored_and_hashed() {
    let world = World::new();
    let suite = Suite::imagecorruptions().with(Box::new(ElasticWithMovedLabel)).unwrap();
    let pass = pass(&world, &suite);
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let labels = store.moved_labels().unwrap();
    assert_eq!(labels.len(), 4, "of each image under the one condition that moves it");
    let (mut differing, confusions) = (0, store.confusions(&Filter::all()).unwrap());
    for id in world.split.ids() {
        let Sample { image, label, .. } = pass.view.apply(world.split.load(id).unwrap());
        // Both conditions show the same picture, made with the same seed.
        let shown = sha256_hex(applied(&ElasticTransform, &image, id).as_raw());
        assert_eq!(stored(&store, id, &condition("elastic_transform")), shown);
        assert_eq!(stored(&store, id, &condition(MOVED)), shown);
        let moved = moved(&label, id);
        assert_eq!(labels[&(id.to_string(), condition(MOVED))], sha256_hex(moved.as_raw()));
        // A prediction's pixels are added up against the one label map and against the other.
        let series = Series::new(pass.entrants[0].id.clone(), 0, Mode::single());
        let truth = |name: &str| {
            let cells = &confusions[&Key::new(&series, &condition(name), id.to_string())];
            let mut counts = [0; CLASSES];
            cells.cells().iter().for_each(|&(t, _, n)| counts[usize::from(t)] += n);
            counts
        };
        let count = |label: &GrayImage| {
            let mut counts = [0; CLASSES];
            label.pixels().filter(|p| p[0] != VOID).for_each(|p| counts[usize::from(p[0])] += 1);
            counts
        };
        assert_eq!((truth("elastic_transform"), truth(MOVED)), (count(&label), count(&moved)));
        differing += usize::from(count(&label) != count(&moved));
    }
    assert!(differing > 0, "some label map has other counts once it is moved");
}

#[test]
fn corruptions_see_blue_first_and_networks_red_first() {
    let world = World::new();
    let suite = Suite::imagecorruptions().with(Box::new(ElasticWithMovedLabel)).unwrap();
    let suite = suite.in_order(ChannelOrder::Bgr);
    let pass = pass(&world, &suite);
    assert_eq!(manifest(&pass).channel_order, "bgr");
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    for id in world.split.ids() {
        let image = pass.view.apply(world.split.load(id).unwrap()).image;
        assert_eq!(stored(&store, id, &Condition::clean()), sha256_hex(image.as_raw()));
        let snow = swapped(&applied(&Snow, &swapped(&image), id));
        assert_eq!(stored(&store, id, &condition("snow")), sha256_hex(snow.as_raw()));
        assert_ne!(
            snow,
            applied(&Snow, &image, id),
            "snow is grey by weights that differ between the channels"
        );
        // The elastic transform treats the channels alike.
        let elastic = sha256_hex(applied(&ElasticTransform, &image, id).as_raw());
        assert_eq!(stored(&store, id, &condition("elastic_transform")), elastic);
    }
}

#[test]
fn before_the_view_pictures_and_labels_change_at_the_size_of_the_file() {
    let world = World::new();
    let suite = Suite::imagecorruptions().with(Box::new(ElasticWithMovedLabel)).unwrap();
    let pass = pass(&world, &suite).corruption_place(CorruptionPlace::BeforeView);
    assert_eq!(manifest(&pass).corruption_place, "before_view");
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let labels = store.moved_labels().unwrap();
    for id in world.split.ids() {
        let native = world.split.load(id).unwrap();
        assert_eq!(native.image.dimensions(), (80, 64), "the view makes 48 x 48 of it");
        let view = |image: &RgbImage| sha256_hex(pass.view.apply_picture(image).as_raw());
        assert_eq!(stored(&store, id, &Condition::clean()), view(&native.image));
        assert_eq!(stored(&store, id, &condition("snow")), view(&applied(&Snow, &native.image, id)));
        let label = pass.view.apply_label(&moved(&native.label, id));
        assert_eq!(labels[&(id.to_string(), condition(MOVED))], sha256_hex(label.as_raw()));
    }
}

#[test]
fn a_store_of_another_order_or_place_is_refused() {
    let world = World::new();
    let (rgb, bgr) = (Suite::imagecorruptions(), Suite::imagecorruptions().in_order(ChannelOrder::Bgr));
    let standard = manifest(&world.pass());
    let mut other = world.pass();
    other.suite = &bgr;
    let changed: Vec<String> =
        standard.differences(&manifest(&other)).iter().map(ToString::to_string).collect();
    assert_eq!(changed, ["manifest.channel_order: rgb -> bgr"]);
    other = other.corruption_place(CorruptionPlace::BeforeView);
    other.suite = &rgb;
    let changed: Vec<String> =
        standard.differences(&manifest(&other)).iter().map(ToString::to_string).collect();
    assert_eq!(changed, ["manifest.corruption_place: after_view -> before_view"]);
    // A store that does not say was made in the standard way, and one that was does not say.
    assert!(
        !standard.to_json().contains("channel_order") && !standard.to_json().contains("corruption_place")
    );
    let (_dir, path, store) = fresh(&world.pass());
    store.close().unwrap();
    assert_eq!(*Store::open(&path).unwrap().manifest(), standard);
}
