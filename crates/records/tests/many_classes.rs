//! Moments of many classes: what is kept of them, that it grows with the square of the classes, and that it adds up.

mod common;

use common::*;
use rusqlite::Connection;
use scribe_records::*;

/// Moments of `pixels` pixels with logits on a grid of 1/8, so that every sum is exact in f64 whatever its order.
fn made(channels: usize, detail: MomentDetail, pixels: usize, salt: usize) -> LogitMoments {
    let logits: Vec<f32> = (0..channels * pixels).map(|i| ((i * 7 + salt) % 41) as f32 / 8.0 - 2.0).collect();
    let pred: Vec<u8> = (0..pixels).map(|p| (p * 5 % channels) as u8).collect();
    let mut moments = LogitMoments::with_detail(channels, detail);
    moments.add(&logits, &pred).unwrap();
    moments
}

#[test]
fn up_to_32_classes_everything_is_kept_by_class() {
    use MomentDetail::*;
    for (channels, kept) in
        [(2, [ByClass; 2]), (32, [ByClass; 2]), (33, [Means, Pooled]), (254, [Means, Pooled])]
    {
        assert_eq!([true, false].map(|clean| MomentDetail::kept(channels, clean)), kept, "{channels}");
    }
}

#[test]
fn what_is_kept_of_all_pixels_is_the_sum_of_the_classes() {
    let fine = made(40, MomentDetail::ByClass, 300, 3);
    let mut added = made(40, MomentDetail::ByClass, 100, 11);
    added.merge(&fine).unwrap();
    for detail in [MomentDetail::Means, MomentDetail::Pooled] {
        let coarse = made(40, detail, 300, 3);
        assert_eq!(fine.clone().coarsened(detail), coarse);
        assert_eq!((coarse.pooled(), coarse.total()), (fine.pooled(), fine.total()));
        assert_eq!((coarse.second_moment(0), coarse.covariance(0)), (None, None));
        // Of different fineness, the sum is as coarse as the coarser one, in either order.
        let mut one = made(40, MomentDetail::ByClass, 100, 11);
        one.merge(&coarse).unwrap();
        let mut other = coarse;
        other.merge(&made(40, MomentDetail::ByClass, 100, 11)).unwrap();
        assert_eq!((&one, one.detail()), (&other, detail));
        assert_eq!(one, added.clone().coarsened(detail));
    }
    let means = made(40, MomentDetail::Means, 300, 3);
    assert_eq!((means.mean(5), means.count(5)), (fine.mean(5), fine.count(5)));
    assert_eq!(
        (made(40, MomentDetail::Pooled, 300, 3).mean(5), means.coarsened(MomentDetail::Pooled).count(5)),
        (None, 0)
    );
}

#[test]
fn cross_moments_of_many_classes_are_those_of_a_plain_loop() {
    let (channels, pixels) = (40, 150);
    let of = |salt: usize| -> Vec<f32> {
        (0..channels * pixels).map(|i| ((i * 7 + salt) % 41) as f32 / 8.0 - 2.0).collect()
    };
    let (x, y) = (of(1), of(12));
    let mut sums = CrossMoments::new(channels);
    sums.add(&x, &y).unwrap();
    let found = sums.covariances().unwrap();
    let mean =
        |z: &[f32], c: usize| z[c * pixels..][..pixels].iter().map(|&v| f64::from(v)).sum::<f64>() / 150.0;
    for (i, j) in (0..channels).flat_map(|i| (0..channels).map(move |j| (i, j))) {
        for (matrix, a, b) in [(&found.clean, &x, &x), (&found.corrupted, &y, &y), (&found.cross, &x, &y)] {
            let products = (0..pixels).map(|p| f64::from(a[i * pixels + p]) * f64::from(b[j * pixels + p]));
            let slow = products.sum::<f64>() / 150.0 - mean(a, i) * mean(b, j);
            // Sums of values on a grid are exact; two divisions and a difference are not.
            assert!((matrix[i * channels + j] - slow).abs() < 1e-14, "{i} {j}");
        }
    }
}

/// A store with the sums of one clean and one corrupted image, and their stored bytes.
fn stored(moments: [LogitMoments; 2]) -> (Store, [Vec<u8>; 2], tempfile::TempDir) {
    let (dir, path, mut store) = fresh();
    let of = [series("softmax", 0, Mode::single())];
    let conditions = [Condition::clean(), Condition::new("fog", 1).unwrap()];
    for (condition, moments) in conditions.iter().zip(moments) {
        let mut unit = unit("a", condition, &of);
        unit.moments = vec![(of[0].clone(), moments)];
        store.commit(&unit).unwrap();
    }
    store.close().unwrap();
    let db = Connection::open(&path).unwrap();
    let bytes = ["clean", "fog"].map(|name| {
        db.query_row("SELECT sums FROM moments WHERE corruption = ?1", [name], |row| row.get(0)).unwrap()
    });
    (Store::open(&path).unwrap(), bytes, dir)
}

#[test]
fn a_store_gives_back_what_was_kept_in_the_documented_bytes() {
    let [clean, fog] = [MomentDetail::Means, MomentDetail::Pooled].map(|detail| made(150, detail, 90, 1));
    let (store, [clean_bytes, fog_bytes], _dir) = stored([clean.clone(), fog.clone()]);
    let series = series("softmax", 0, Mode::single());
    assert_eq!(store.moments(&series, &Condition::clean()).unwrap().unwrap(), clean);
    assert_eq!(store.moments(&series, &Condition::new("fog", 1).unwrap()).unwrap().unwrap(), fog);
    // FORMAT.md: 8 + 12 + 8 (K + K (K + 1) / 2) bytes, and 12 + 8 K for each of the 30 classes that 5 p mod 150 takes.
    assert_eq!(fog_bytes.len(), 20 + 8 * (150 + 150 * 151 / 2));
    assert_eq!(clean_bytes.len(), fog_bytes.len() + 30 * (12 + 8 * 150));
    let u32_at = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    for bytes in [&clean_bytes, &fog_bytes] {
        assert_eq!([0, 4, 8].map(|at| u32_at(bytes, at)), [150, 1, u32::MAX]);
        assert_eq!(u64::from_le_bytes(bytes[12..20].try_into().unwrap()), 90);
    }
    assert_eq!(
        u32_at(&clean_bytes, fog_bytes.len() + 12 + 8 * 150),
        5,
        "the second class that was predicted"
    );
}

#[test]
fn moments_by_class_of_an_earlier_store_are_read_and_written_as_before() {
    let fine = made(40, MomentDetail::ByClass, 300, 3);
    let (store, [bytes, _], _dir) = stored([fine.clone(), fine.clone()]);
    // 8 classes are predicted (5 p mod 40), each with its products, as version 3 has had them from the beginning.
    assert_eq!(bytes.len(), 8 + 8 * (12 + 8 * (40 + 40 * 41 / 2)));
    assert_eq!(bytes[..8], [40, 0, 0, 0, 8, 0, 0, 0]);
    let found = store.moments(&series("softmax", 0, Mode::single()), &Condition::clean()).unwrap().unwrap();
    assert_eq!((&found, found.detail()), (&fine, MomentDetail::ByClass));
}

#[test]
fn damaged_sums_of_all_pixels_are_refused() {
    let (store, [bytes, _], _dir) =
        stored([MomentDetail::Means, MomentDetail::Pooled].map(|detail| made(40, detail, 90, 1)));
    let path = store.path().to_owned();
    for (at, value, expected) in [(12, 91, "90 pixels of its classes, 91 in all"), (4, 2, "classes of")] {
        let mut bad = bytes.clone();
        bad[at] = value;
        let db = Connection::open(&path).unwrap();
        db.execute("UPDATE moments SET sums = ?1 WHERE corruption = 'clean'", [&bad]).unwrap();
        let error = store.moments(&series("softmax", 0, Mode::single()), &Condition::clean()).unwrap_err();
        let text = format!("{error:?}");
        assert!(text.contains(expected), "{text}");
    }
}
