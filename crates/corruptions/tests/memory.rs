//! How much memory a corruption takes: counted by the allocator, at most twelve times the picture.
//!
//! One test in a program of its own, because the allocator counts for all threads.

use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, Suite, formula_picture};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the bytes in use and the most that ever were.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn grow(bytes: usize) {
    let now = NOW.fetch_add(bytes, Ordering::SeqCst) + bytes;
    MOST.fetch_max(now, Ordering::SeqCst);
}

// SAFETY: every request goes to the system's allocator as it is; the counters are beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::SeqCst);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may exist at once.
        grow(size);
        NOW.fetch_sub(layout.size(), Ordering::SeqCst);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `work` on a thread of its own, whose buffers are freed at its end; returns the most bytes it had at once.
fn peak(work: impl FnOnce() + Send) -> usize {
    std::thread::scope(|scope| {
        let counted = scope.spawn(|| {
            let before = NOW.load(Ordering::SeqCst);
            MOST.store(before, Ordering::SeqCst);
            work();
            MOST.load(Ordering::SeqCst) - before
        });
        counted.join().expect("a corruption")
    })
}

/// The most that `corruptions` take at a size over all severities, one after the other, as multiples of the picture.
fn multiple(corruptions: &[&dyn Corruption], (width, height): (usize, usize)) -> f64 {
    let picture = formula_picture(width, height);
    let mut pixels = picture.bytes().to_vec();
    let bytes = peak(|| {
        for severity in Severity::ALL {
            for corruption in corruptions {
                pixels.copy_from_slice(picture.bytes());
                let view = PictureMut::new(&mut pixels, width, height).expect("a buffer of this size");
                corruption.apply_in_place(view, severity, &mut Rng::seed(3)).expect("an accepted size");
            }
        }
    });
    bytes as f64 / pixels.len() as f64
}

/// Strips of the longest sides that are accepted whatever the other one: at most twenty times.
fn strips(suite: &Suite) -> Vec<String> {
    let mut wrong = Vec::new();
    for (width, height) in [(8192, 32), (32, 8192), (8192, 128), (128, 8192)] {
        for corruption in suite.all().filter(|corruption| corruption.name() != "fog") {
            let times = multiple(&[corruption], (width, height));
            eprintln!("strip            {width:>4}x{height:<4} {:18} {times:5.1}", corruption.name());
            if times > 20.0 {
                wrong.push(format!("{} at {width}x{height}: {times:.1}", corruption.name()));
            }
        }
    }
    wrong
}

#[test]
fn no_corruption_takes_more_than_twelve_times_the_picture() {
    let suites = [Suite::imagecorruptions(), Suite::imagenet_c()];
    // What is made once in a process, tables and procedural frost, belongs to no picture.
    for (suite, size) in suites.iter().zip([(32, 32), (224, 224)]) {
        for corruption in suite.all() {
            multiple(&[corruption], size);
        }
    }
    let mut wrong = Vec::new();
    let sizes = [(500, 375), (513, 300), (281, 500), (1024, 683), (224, 224)];
    for (suite, size) in sizes.iter().map(|s| (&suites[0], *s)).chain([(&suites[1], (224, 224))]) {
        for corruption in suite.all() {
            let times = multiple(&[corruption], size);
            eprintln!("{:16} {:>4}x{:<4} {:18} {times:5.1}", suite.name(), size.0, size.1, corruption.name());
            if times > 12.0 {
                wrong.push(format!("{} at {}x{}: {times:.1}", corruption.name(), size.0, size.1));
            }
        }
        let all: Vec<_> = suite.all().collect();
        eprintln!(
            "{:16} {:>4}x{:<4} {:18} {:5.1}",
            suite.name(),
            size.0,
            size.1,
            "one after another",
            multiple(&all, size)
        );
    }
    wrong.extend(strips(&suites[0]));
    // Fog's square is larger than a strip by far; tiny pictures and strips are the exception that the docs name.
    let strip = multiple(&[suites[0].get("fog").expect("fog")], (33, 500));
    eprintln!("{:16}   33x500  {:18} {strip:5.1}", "imagecorruptions", "fog");
    assert!(strip < 16.0, "{strip}");
    assert!(wrong.is_empty(), "{wrong:?}");
}
