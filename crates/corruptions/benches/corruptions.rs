//! Time of every corruption at severity 3 on one 500x375 picture, in one thread.
//!
//! `cargo bench -p scribe-corruptions`; a name after `--` picks by substring.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]

#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scribe_corruptions::{PictureMut, Rng, Severity, formula_picture};
use std::hint::black_box;
use std::time::Duration;

fn corruptions(c: &mut Criterion) {
    let (width, height) = (500, 375);
    let picture = formula_picture(width, height);
    let severity = Severity::new(3).expect("a severity");
    let suite = support::suite("imagecorruptions");
    let mut group = c.benchmark_group("imagecorruptions/3");
    group.throughput(Throughput::Elements((width * height) as u64));
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).sample_size(20);
    let mut buffer = picture.bytes().to_vec();
    for corruption in suite.all() {
        group.bench_function(corruption.name(), |b| {
            b.iter(|| {
                buffer.copy_from_slice(picture.bytes());
                let view = PictureMut::new(&mut buffer, width, height).expect("a buffer of this size");
                let done = corruption.apply_in_place(view, severity, &mut Rng::seed(0));
                black_box(done).expect("an accepted size");
            });
        });
    }
    group.finish();
}

fn generator(c: &mut Criterion) {
    let mut group = c.benchmark_group("rng");
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).sample_size(20);
    const DRAWS: usize = 3 * 500 * 375;
    group.throughput(Throughput::Elements(DRAWS as u64));
    let mut doubles = vec![0.0; DRAWS];
    let mut words = vec![0; DRAWS];
    let mut rng = Rng::seed(0);
    group.bench_function("u32", |b| b.iter(|| rng.fill_u32(black_box(&mut words))));
    group.bench_function("double", |b| b.iter(|| rng.fill_double(black_box(&mut doubles))));
    group.bench_function("gauss", |b| b.iter(|| rng.fill_gauss(black_box(&mut doubles))));
    group.finish();
}

criterion_group!(benches, corruptions, generator);
criterion_main!(benches);
