//! Winograd against plain loops in f64.

use super::*;
use crate::ops::Conv2dConfig;
use crate::ops::cpu::conv2d::finish::Finish;
use crate::ops::cpu::conv2d::moments::Moments;
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::written;
use crate::ops::cpu::product::Multiply;
use crate::ops::geometry::Conv2dShape;

const SIZES: [PatchSize; 2] = [PatchSize::Two, PatchSize::Four];

/// Height, width, dilation, padding, inputs, outputs.
const SHAPES: [[usize; 6]; 15] = [
    [1, 1, 1, 1, 1, 1],
    [1, 1, 12, 12, 3, 17],
    [1, 1, 1, 1, 48, 70],
    [5, 7, 1, 1, 3, 17],
    [5, 7, 1, 0, 17, 3],
    [4, 3, 1, 2, 64, 33],
    [5, 7, 3, 4, 70, 1],
    [5, 4, 1, 3, 3, 3],
    [14, 14, 2, 2, 17, 48],
    [14, 14, 1, 1, 64, 64],
    [33, 33, 6, 6, 3, 3],
    [4, 5, 1, 1, 300, 70],
    [9, 6, 4, 4, 33, 300],
    [3, 2, 1, 1, 600, 33],
    [3, 2, 1, 1, 33, 600],
];

fn shape(images: usize, [h, w, dilation, padding, inputs, outputs]: [usize; 6]) -> Conv2dShape {
    let config = Conv2dConfig { stride: 1, padding, dilation };
    Conv2dShape::new(&[images, inputs, h, w], &[outputs, inputs, 3, 3], config).unwrap()
}

/// Numbers from -1 to 1 that have nothing to do with one another.
fn numbers<T: Multiply>(count: usize, mut seed: u64) -> Vec<T> {
    let mut next = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        T::from_f64((seed >> 40) as f64 / (1u64 << 23) as f64 - 1.)
    };
    (0..count).map(|_| next()).collect()
}

struct Case<T> {
    shape: Conv2dShape,
    x: Vec<T>,
    weight: Vec<T>,
    dy: Vec<T>,
}

impl<T: Multiply> Case<T> {
    fn new(images: usize, sizes: [usize; 6]) -> Case<T> {
        let shape = shape(images, sizes);
        let pixels = |side: [usize; 2]| images * side[0] * side[1];
        Case {
            x: numbers(pixels(shape.size) * shape.inputs, 1),
            weight: numbers(shape.outputs * shape.inputs * 9, 2),
            dy: numbers(pixels(shape.out) * shape.outputs, 3),
            shape,
        }
    }

    /// Calls `term(x, weight, dy)`, indices of the elements, for each term of the sums.
    fn terms(&self, mut term: impl FnMut(usize, usize, usize)) {
        let Conv2dShape { images, inputs, outputs, size: [h, w], out: [oh, ow], config, .. } = self.shape;
        let inside = |o: usize, t: usize, side: usize| {
            (o + t * config.dilation).checked_sub(config.padding).filter(|&i| i < side)
        };
        for i in 0..images * oh * ow * 9 {
            let (tap, pixel) = (i % 9, i / 9);
            let (y, x) = (inside(pixel / ow % oh, tap / 3, h), inside(pixel % ow, tap % 3, w));
            let (Some(y), Some(x)) = (y, x) else { continue };
            let from = (pixel / (oh * ow) * h + y) * w + x;
            for o in 0..outputs {
                for c in 0..inputs {
                    term(from * inputs + c, (o * inputs + c) * 9 + tap, pixel * outputs + o);
                }
            }
        }
    }

    /// The three results by the definition, in f64, each with the sums of its terms' sizes.
    fn expected(&self) -> [Vec<[f64; 2]>; 3] {
        let [mut y, mut dx, mut dw] =
            [self.dy.len(), self.x.len(), self.weight.len()].map(|len| vec![[0.; 2]; len]);
        let add = |to: &mut [f64; 2], term: f64| *to = [to[0] + term, to[1] + term.abs()];
        self.terms(|i, j, k| {
            let (x, w, dy) = (self.x[i].to_f64(), self.weight[j].to_f64(), self.dy[k].to_f64());
            add(&mut y[k], x * w);
            add(&mut dx[i], dy * w);
            add(&mut dw[j], x * dy);
        });
        [y, dx, dw]
    }

    fn forward(&self, size: PatchSize, level: Level) -> Vec<T> {
        let weights = TransformedWeights::forward(size, &self.weight, self.channels());
        run(&Patches::forward(&self.shape, size), &weights, &self.x, level, Finish::PLAIN, None)
    }

    fn input_gradient(&self, size: PatchSize, level: Level) -> Vec<T> {
        let weights = TransformedWeights::input_gradient(size, &self.weight, self.channels());
        run(&Patches::input_gradient(&self.shape, size), &weights, &self.dy, level, Finish::PLAIN, None)
    }

    fn weight_gradient(&self, level: Level) -> Vec<T> {
        WeightGradient::new(&self.shape, level, &self.x, &self.dy).run()
    }

    fn channels(&self) -> [usize; 2] {
        [self.shape.outputs, self.shape.inputs]
    }
}

fn run<T: Multiply>(
    patches: &Patches,
    weights: &TransformedWeights<T>,
    source: &[T],
    level: Level,
    finish: Finish<T>,
    sums: Option<&Moments<T>>,
) -> Vec<T> {
    let convolution = Convolution { patches, level, source, weights, finish };
    let len = (patches.images * patches.target[0] * patches.target[1]) * weights.columns();
    // SAFETY: the convolution writes all channels of all pixels of the target, of which there are so many.
    unsafe { written(len, |target| convolution.run(target, sums)) }
}

/// Errors are counted against the largest sum of terms' sizes: those of a patch are shared by its results, and a result
/// at an edge has few terms of its own.
fn assert_near<T: Multiply>(what: &str, got: &[T], want: &[[f64; 2]], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    let scale = want.iter().fold(0f64, |a, w| a.max(w[1]));
    let error = got.iter().zip(want).fold(0f64, |a, (g, w)| a.max((g.to_f64() - w[0]).abs()));
    assert!(error <= tolerance * scale, "{what}: {:e} of the sum of terms", error / scale);
}

/// Tolerances of both sizes: a few roundings of the largest sum.
fn assert_definition<T: Multiply>(tolerances: [f64; 2]) {
    for sizes in SHAPES {
        let case = Case::<T>::new(2, sizes);
        let [y, dx, dw] = case.expected();
        for level in Level::available() {
            for (size, tolerance) in SIZES.into_iter().zip(tolerances) {
                let what = |name: &str| format!("{name} of {sizes:?} by {size:?} on {level:?}");
                assert_near(&what("result"), &case.forward(size, level), &y, tolerance);
                assert_near(&what("input's gradient"), &case.input_gradient(size, level), &dx, tolerance);
            }
            let what = format!("weight's gradient of {sizes:?} on {level:?}");
            assert_near(&what, &case.weight_gradient(level), &dw, tolerances[0]);
        }
    }
}

#[test]
fn all_directions_agree_with_the_definition_in_f32() {
    assert_definition::<f32>([1e-6, 4e-6]);
}

#[test]
fn all_directions_agree_with_the_definition_in_f64() {
    assert_definition::<f64>([2e-15, 8e-15]);
}

#[test]
fn nothing_depends_on_threads_or_on_other_images() {
    let images = 5;
    let case = Case::<f32>::new(images, [30, 29, 1, 1, 70, 48]);
    let level = Level::detect();
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let maps = SIZES.map(|size| [case.forward(size, level), case.input_gradient(size, level)]);
            (maps, case.weight_gradient(level))
        })
    };
    let one = all(1);
    assert_eq!(one, all(3));
    for image in 0..images {
        let part = |data: &[f32]| {
            let each = data.len() / images;
            data[image * each..(image + 1) * each].to_vec()
        };
        let alone = Case {
            shape: Conv2dShape { images: 1, ..case.shape },
            x: part(&case.x),
            dy: part(&case.dy),
            weight: case.weight.clone(),
        };
        for (size, [y, dx]) in SIZES.into_iter().zip(&one.0) {
            assert_eq!(alone.forward(size, level), part(y));
            assert_eq!(alone.input_gradient(size, level), part(dx));
        }
    }
}

#[test]
fn results_are_finished_and_their_moments_taken() {
    for sizes in [[14, 14, 2, 2, 17, 48], [7, 5, 1, 1, 3, 70], [29, 31, 1, 1, 3, 33]] {
        let case = Case::<f32>::new(3, sizes);
        let outputs = case.shape.outputs;
        let (scale, shift) = (numbers::<f32>(outputs, 4), numbers::<f32>(outputs, 5));
        for size in SIZES {
            let plain = case.forward(size, Level::detect());
            let added = numbers::<f32>(plain.len(), 6);
            let finish = Finish { affine: Some((&scale, &shift)), added: Some(&added), relu: true };
            let patches = Patches::forward(&case.shape, size);
            let weights = TransformedWeights::forward(size, &case.weight, case.channels());
            let level = Level::detect();
            let pixels = block_pixels(&patches, [case.shape.inputs, outputs]);
            assert_eq!(
                pixels.iter().sum::<usize>(),
                (patches.images * patches.target[0] * patches.target[1])
            );
            let moments = Moments::new(pixels, outputs);
            let finished = run(&patches, &weights, &case.x, level, finish, Some(&moments));
            for (i, &got) in finished.iter().enumerate() {
                let want = (plain[i] * scale[i % outputs] + shift[i % outputs] + added[i]).max(0.);
                assert_eq!(got, want, "{sizes:?} {size:?} {i}");
            }
            for (channel, (mean, variance)) in moments.joined(outputs).into_iter().enumerate() {
                let values = || plain[channel..].iter().step_by(outputs).map(|&v| f64::from(v));
                let count = values().count() as f64;
                let want = values().sum::<f64>() / count;
                let want_variance = values().map(|v| (v - want) * (v - want)).sum::<f64>() / count;
                // Sums in f32, of values whose size is that of the standard deviation.
                let near = |a: f64, b: f64, size: f64| (a - b).abs() < 1e-5 * size;
                assert!(near(mean, want, want_variance.sqrt()), "{sizes:?} {channel}: {mean} {want}");
                assert!(near(variance, want_variance, want_variance), "{sizes:?} {channel}: {variance}");
            }
        }
    }
}

#[test]
fn the_choice_is_for_one_image() {
    let at = |images, side, dilation, inputs, outputs, direction| {
        chosen(&shape(images, [side, side, dilation, dilation, inputs, outputs]), direction)
    };
    for images in [1, 16] {
        // Large maps, small maps with large weights, more weights than fit a cache, and taps that read mostly padding: each
        // as measured, see `choice.rs`.
        assert_eq!(at(images, 56, 1, 64, 64, Direction::Forward), Some(PatchSize::Four));
        assert_eq!(at(images, 56, 1, 64, 64, Direction::WeightGradient), Some(PatchSize::Two));
        assert_eq!(at(images, 28, 2, 512, 512, Direction::InputGradient), Some(PatchSize::Four));
        assert_eq!(at(images, 7, 1, 512, 512, Direction::Forward), Some(PatchSize::Two));
        assert_eq!(at(images, 33, 6, 2048, 256, Direction::Forward), Some(PatchSize::Two));
        assert_eq!(at(images, 14, 12, 2048, 256, Direction::Forward), None);
    }
}
