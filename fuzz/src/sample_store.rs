//! A small sound store with every kind of row.

use crate::scratch::folder;
use scribe_records::{
    Calibration, Condition, Confusion, CorruptionInfo, CrossMoments, FrostSource, Input, LogitMoments,
    Manifest, Mode, ModelInfo, NonDistinctiveness, PanelPictures, Probability, Result, Series,
    SparseConfusion, Store, Unit,
};

const CLASSES: usize = 3;
const IMAGES: [&str; 3] = ["a", "b", "c"];

/// The bytes of the store.
///
/// # Panics
/// If it cannot be written.
pub fn sample_store() -> Vec<u8> {
    let path = folder().join("sample.sqlite");
    write(&path).expect("a store can be written");
    let bytes = std::fs::read(&path).expect("it was written");
    std::fs::remove_file(&path).expect("it was written");
    bytes
}

fn write(path: &std::path::Path) -> Result<()> {
    let corruption = |name: &str, group: &str| CorruptionInfo {
        name: name.to_owned(),
        implementation: "reference/1".to_owned(),
        group: group.to_owned(),
        severities: Vec::new(),
    };
    let manifest = Manifest::new(["background", "cat", "dog"])
        .models(vec![ModelInfo::new("one".parse()?, "One"), ModelInfo::new("two".parse()?, "Two")])
        .suite("imagecorruptions", FrostSource::Procedural)
        .corruptions(vec![corruption("fog", "Weather"), corruption("contrast", "Lighting")], vec![1, 2])
        .moment_blocks(2)
        .images(IMAGES);
    let mut store = Store::create(path, &manifest)?;
    for condition in manifest.conditions() {
        for image in IMAGES {
            store.commit(&unit(image, &condition)?)?;
        }
    }
    store.close()
}

fn confusion(n: usize) -> Result<SparseConfusion> {
    let mut confusion = Confusion::new(CLASSES);
    confusion.add(&vec![1; n], &vec![2; n])?;
    confusion.add(&[0, 0, 1], &[0, 0, 1])?;
    SparseConfusion::try_from(&confusion)
}

fn calibration() -> Calibration {
    let mut calibration = Calibration::new(4);
    calibration.add(0.75, true, 0.125);
    calibration.add(0.5, false, 1.0);
    calibration
}

fn unit(image: &str, condition: &Condition) -> Result<Unit> {
    let n = 4 + condition.severity as usize;
    let input = Input {
        image_id: image.to_owned(),
        condition: condition.clone(),
        seed: n as u32,
        sha256: format!("{image}{condition}"),
    };
    let mut unit = Unit::new(input);
    let of = ["one", "two"].map(|model| model.parse().map(|model| Series::new(model, 0, Mode::single())));
    let mut predictions = Vec::new();
    for series in of {
        let series = series?;
        unit.confusions.push((series.clone(), confusion(n)?));
        let mut moments = LogitMoments::new(CLASSES);
        let logits: Vec<f32> = (0..CLASSES * n).map(|i| (i % 5) as f32 * 0.5 - 1.0).collect();
        let map: Vec<u8> = (0..n).map(|i| (i % CLASSES) as u8).collect();
        moments.add(&logits, &map)?;
        unit.moments.push((series.clone(), moments));
        if !condition.is_clean() {
            let mut cross = CrossMoments::new(CLASSES);
            cross.add(&logits, &logits.iter().rev().copied().collect::<Vec<_>>())?;
            unit.cross_moments.push((series.clone(), cross));
        }
        unit.calibrations.push((series.clone(), Probability::Softmax, calibration()));
        let mut end = NonDistinctiveness::default();
        end.add(0.25, 0.5);
        unit.non_distinctiveness.push((series.clone(), end));
        predictions.push((series, grey_png()));
    }
    if image == "a" {
        unit.panel = Some(PanelPictures { picture: rgb_png(), label: grey_png(), predictions });
    }
    Ok(unit)
}

fn grey_png() -> Vec<u8> {
    png(image::DynamicImage::new_luma8(4, 3))
}

fn rgb_png() -> Vec<u8> {
    png(image::DynamicImage::new_rgb8(4, 3))
}

fn png(picture: image::DynamicImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("memory takes every byte");
    bytes.into_inner()
}
