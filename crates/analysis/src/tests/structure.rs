//! Spectra, correlations and rank tests against numbers that numpy 2 and scipy printed.
//!
//! Origin: `np.linalg.eigvalsh`, `np.cov`, `np.corrcoef`, `scipy.stats.spearmanr` on the same literals
//! (for example `X = np.array(PIXELS); np.sort(np.linalg.eigvalsh(np.cov(X.T, bias=True)))[::-1]`).

use crate::bootstrap::quantile;
use crate::correlation::{Centering, autocorrelation, defined, mean_off_diagonal};
use crate::errors::{frequency, share_to_background, spearman};
use crate::spectrum::{Channels, Spectrum, SpectrumOf, explained_variance};
use crate::{Bootstrap, Cell, View};
use nalgebra::DMatrix;
use scribe_records::{Condition, Confusion, LogitMoments, Mode, ModelId, Series, SparseConfusion};

/// Six pixels of three channels.
const PIXELS: [[f32; 3]; 6] = [
    [2.0, -1.0, 0.0],
    [3.0, -1.0, 1.0],
    [1.0, 0.0, -1.0],
    [-1.0, 4.0, 0.0],
    [0.0, 5.0, 2.0],
    [-2.0, 0.5, 3.0],
];
const PREDICTED: [u8; 6] = [0, 0, 0, 1, 1, 2];

fn moments(pixels: &[[f32; 3]], predicted: &[u8]) -> LogitMoments {
    let planes: Vec<f32> = (0..3).flat_map(|c| pixels.iter().map(move |p| p[c])).collect();
    let mut m = LogitMoments::new(3);
    m.add(&planes, predicted).unwrap();
    m
}

fn close(got: &[f64], want: &[f64]) {
    assert_eq!(got.len(), want.len(), "{got:?} {want:?}");
    for (g, w) in got.iter().zip(want) {
        assert!((g - w).abs() < 1e-12, "{got:?} {want:?}");
    }
}

#[test]
fn spectrum_of_a_matrix_is_numpys() {
    let rows = [4.0, 1.0, 0.5, 0.0, 1.0, 3.0, 0.25, 0.1, 0.5, 0.25, 2.0, 0.3, 0.0, 0.1, 0.3, 1.0];
    let s = Spectrum::of(&DMatrix::from_row_slice(4, 4, &rows)).unwrap();
    close(s.eigenvalues(), &[4.734891106163358, 2.389441308505106, 1.9677603985845868, 0.9079071867469476]);
    close(&s.accumulated().unwrap(), &[0.4734891106163359, 0.7124332414668466, 0.9092092813253053, 1.0]);
    close(&[s.effective_rank().unwrap()], &[3.4341489831862724]);
    close(&[s.participation_ratio().unwrap()], &[3.0464584920030466]);
    assert_eq!(
        (s.components_to(0.9), s.components_to(0.95), s.components_to(1.0)),
        (Some(3), Some(4), Some(4))
    );
}

#[test]
fn spectrum_of_nothing_is_undefined_and_bad_matrices_are_refused() {
    let flat = Spectrum::of(&DMatrix::zeros(3, 3)).unwrap();
    assert_eq!((flat.ratios(), flat.effective_rank(), flat.components_to(0.9)), (None, None, None));
    assert!(Spectrum::of(&DMatrix::zeros(2, 3)).is_err());
    assert!(Spectrum::of(&DMatrix::from_element(2, 2, f64::NAN)).unwrap_err().to_string().contains("NaN"));
    assert!(explained_variance(&LogitMoments::new(3), SpectrumOf::PixelCovariance, Channels::All).is_err());
    let one_class = moments(&PIXELS[..3], &[0, 0, 0]);
    assert!(explained_variance(&one_class, SpectrumOf::ClassMeans, Channels::All).is_err());
}

#[test]
fn both_spectra_of_pixels_are_numpys() {
    let m = moments(&PIXELS, &PREDICTED);
    let of = |of, ch| explained_variance(&m, of, ch).unwrap().eigenvalues().to_vec();
    close(
        &of(SpectrumOf::PixelCovariance, Channels::All),
        &[7.197097197853127, 2.164650774580685, 1.0063075831217427],
    );
    close(&of(SpectrumOf::PixelCovariance, Channels::Foreground), &[5.77231836293425, 1.6790705259546386]);
    close(&of(SpectrumOf::ClassMeans, Channels::All), &[8.59219840309272, 5.167060856166538, 0.0]);
    close(&of(SpectrumOf::ClassMeans, Channels::Foreground), &[7.345055952987664, 2.330869972938261]);
}

#[test]
fn autocorrelation_is_numpys_centred_and_not() {
    let m = moments(&PIXELS, &PREDICTED);
    let uncentred = autocorrelation(&m, 0, Centering::Uncentred).unwrap();
    let (a, b, c) = (-0.9449111825230679, 0.37796447300922714, -0.5);
    close(uncentred.transpose().as_slice(), &[1.0, a, b, a, 1.0, c, b, c, 1.0]);
    let centred = autocorrelation(&m, 0, Centering::Centred).unwrap();
    let r = -0.8660254037844387;
    close(centred.transpose().as_slice(), &[1.0, r, 1.0, r, 1.0, r, 1.0, r, 1.0]);
    close(&[mean_off_diagonal(&uncentred).unwrap()], &[(-a + b - c) / 3.0]);
}

#[test]
fn never_predicted_and_constant_channels_are_guarded() {
    let m = moments(&[[1.0, 2.0, 0.0], [3.0, 2.0, 0.0]], &[0, 0]);
    assert!(autocorrelation(&m, 1, Centering::Uncentred).is_none());
    let uncentred = autocorrelation(&m, 0, Centering::Uncentred).unwrap();
    assert!(defined(&uncentred, 0, 1).is_some() && defined(&uncentred, 2, 2).is_none());
    let centred = autocorrelation(&m, 0, Centering::Centred).unwrap();
    assert_eq!(defined(&centred, 0, 0), Some(1.0));
    assert_eq!((defined(&centred, 0, 1), defined(&centred, 1, 1)), (None, None));
    assert_eq!(mean_off_diagonal(&centred), None);
}

/// 40,000 pixels of logits that are all alike: sums in double precision leave variances of some 1e-13 of the mean
/// square, of either sign, which are nothing.
#[test]
fn constant_logits_have_no_dimensions() {
    const PIXELS: usize = 40_000;
    let predicted: Vec<u8> = (0..PIXELS).map(|i| (i % 3) as u8).collect();
    for (a, b, c) in [(0.1f32, -1.7, 2.3), (-4.3, 0.7, 0.9), (1.1, 1.3, -0.01)] {
        let same = moments(&vec![[a, b, c]; PIXELS], &predicted);
        // One channel that moves by 1e-3 of its size is one dimension beside two constants.
        let step = |i: usize| [a, b, c * if i.is_multiple_of(5) { 1.001 } else { 1.0 }];
        let moving = moments(&(0..PIXELS).map(step).collect::<Vec<_>>(), &predicted);
        for channels in [Channels::All, Channels::Foreground] {
            for of in [SpectrumOf::PixelCovariance, SpectrumOf::ClassMeans] {
                let spectrum = explained_variance(&same, of, channels).unwrap();
                assert_eq!(spectrum.effective_rank(), None, "{:?}", spectrum.eigenvalues());
                assert_eq!((spectrum.accumulated(), spectrum.components_to(0.9)), (None, None));
            }
            let one = explained_variance(&moving, SpectrumOf::PixelCovariance, channels).unwrap();
            close(&[one.effective_rank().unwrap(), one.participation_ratio().unwrap()], &[1.0, 1.0]);
        }
        let centred = autocorrelation(&same, 0, Centering::Centred).unwrap();
        assert_eq!(mean_off_diagonal(&centred), None);
    }
}

/// Two independent channels of mean 3 and deviation 1: method's check of what the authors' code computes.
#[test]
fn uncentred_sees_the_mean_and_centred_does_not() {
    let grid: Vec<[f32; 3]> = (0..4)
        .map(|i| [3.0 + if i & 1 == 0 { 1.0 } else { -1.0 }, 3.0 + if i & 2 == 0 { 1.0 } else { -1.0 }, 1.0])
        .collect();
    let m = moments(&grid, &[0; 4]);
    let entry = |c| autocorrelation(&m, 0, c).unwrap()[(0, 1)];
    close(&[entry(Centering::Uncentred), entry(Centering::Centred)], &[0.9, 0.0]);
}

#[test]
fn ranks_and_quantiles_are_scipys() {
    let x = [10.0, 20.0, 30.0, 40.0, 50.0, 50.0];
    let y = [1.0, 3.0, 2.0, 8.0, 5.0, 9.0];
    close(&[spearman(&x, &y).unwrap()], &[0.8406680016960504]);
    assert_eq!(spearman(&x[..2], &y[..2]), None);
    assert_eq!(spearman(&[1.0; 3], &y[..3]), None);
    let q = [0.025, 0.5, 0.975].map(|q| quantile(&[1.0, 2.0, 4.0, 8.0], q));
    close(&q, &[1.075, 3.0, 7.7]);
}

#[test]
fn errors_are_split_and_frequency_is_tested() {
    // Truth 1 -> 2 x10, 1 -> 0 x30, 2 -> 3 x5, 3 -> 4 x1, 0 -> 1 x7; class 4 -> 3 x3.
    let mut c = Confusion::new(5);
    for (t, p, n) in [(1, 2, 10), (1, 0, 30), (2, 3, 5), (3, 4, 1), (0, 1, 7), (4, 3, 3)] {
        c.add(&vec![t; n], &vec![p; n]).unwrap();
    }
    let split = c.errors();
    assert_eq!((split.fg_to_bg, split.fg_to_fg, split.bg_to_fg), (30, 19, 7));
    close(&[share_to_background(&split).unwrap()], &[30.0 / 49.0]);
    // Received from other foreground: class 1: 0, 2: 10, 3: 8, 4: 1; frequencies in the same order.
    let (model, mode) = (ModelId::new("m").unwrap(), Mode::single());
    let series = Series::new(model.clone(), 0, mode.clone());
    let mut view = View::new(&["background", "a", "b", "c", "d"], &["picture"]);
    let cell = Cell { series, condition: Condition::new("fog", 1).unwrap() };
    view.insert(&cell, 0, SparseConfusion::try_from(&c).unwrap()).unwrap();
    let how = Bootstrap { resamples: 10, ..Bootstrap::STANDARD };
    let test = frequency(&view, &model, &mode, &[0, 1, 40, 30, 20], &how).unwrap();
    close(&[test.rho.value], &[1.0]);
    assert_eq!(test.classes, 4);
    // 2 of the 24 orders of four values reach |rho| = 1.
    assert!((test.p - 2.0 / 24.0).abs() < 0.01, "{}", test.p);
    assert_eq!(frequency(&view, &model, &mode, &[0, 1, 40, 0, 0], &how), None);
}
