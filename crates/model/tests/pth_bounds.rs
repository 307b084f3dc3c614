//! A file of less than a mebibyte costs at most 256 MiB and 2 seconds, whatever it claims: every allocation is counted.

mod common;

use common::hostile::{MEBI, one_value, repeated, zipped};
use scribe_model::Weights;
use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use zip::CompressionMethod;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Bytes that are allocated, and the most that were.
static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted. A reallocation is counted as both its blocks, which it may need at once.
struct Counted;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

// SAFETY: every block comes from and goes back to the system's allocator, under the layout that it was asked for with.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

fn bombs() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let deflated = |content: &[u8]| {
        zipped(&[("a/data.pkl", content), ("a/data/0", &[0; 4])], CompressionMethod::Deflated)
    };
    let wide_tuple = [b"(".as_slice(), &[b'N'; 300_000], b"tq\x00cx\ny\nq\x01"].concat();
    let wide_list =
        [b"](".as_slice(), &b"NN\x86".repeat(100_000), b"eq\x00ccollections\nOrderedDict\nq\x01"].concat();
    let ends = b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0";
    let huge = b"\x8a\x08\0\0\0\0\0\x01\0\0";
    Ok(vec![
        ("marks, deflated", deflated(&vec![b'('; 200 * MEBI])?),
        ("nones, deflated", deflated(&vec![b'N'; 200 * MEBI])?),
        ("marks", repeated(b"", b"(")),
        ("nones", repeated(b"", b"N")),
        ("lists in the memo", repeated(b"", b"]\x94")),
        ("a deep tuple", repeated(b")", b"\x85")),
        ("a deep list", repeated(b"]", b"]a")),
        ("deep objects", repeated(b"cx\ny\n", b")R")),
        ("a list in itself", repeated(b"]q\x00", b"h\x00a")),
        (
            "empty tuples of a tall stack",
            repeated(&[[b'('; 1].as_slice(), &[b'N'; 400_000], b"1"].concat(), b"(t0"),
        ),
        ("calls of a wide tuple", repeated(&wide_tuple, b"h\x01h\x00R")),
        ("dicts of a wide list", repeated(&wide_list, b"h\x01h\x00\x85R")),
        ("a long of 4 GiB", repeated(b"\x8b\xff\xff\xff\xff", b"\0")),
        ("a text of 2^63 bytes", repeated(b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", b"\0")),
        ("one value, seen 2^40 times", one_value(&[huge.as_slice(), b"\x85"].concat(), b"K\0\x85", 0)?),
        ("one value, seen 2^24 times, 1000 times", one_value(b"J\0\0\0\x01\x85", b"K\0\x85", 1000)?),
        ("many ends of a directory", ends.repeat(MEBI / ends.len())),
        ("many ends of one long directory", many_directories()),
    ])
}

/// A directory of ten thousand records, the last of which is none, and twenty thousand ends that name it.
fn many_directories() -> Vec<u8> {
    let record = [b"PK\x01\x02".as_slice(), &[0; 24], b"\x01\0", &[0; 16], b"a"].concat();
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(record.repeat(10_000));
    bytes.extend([0; 46]);
    let size = (bytes.len() as u32 - 4).to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0\x11\x27\x11\x27".as_slice(), &size, b"\x04\0\0\0\0\0"].concat();
    bytes.extend(end.repeat(20_000));
    bytes
}

#[test]
fn a_small_file_costs_little() -> Result<()> {
    let mut most = 0;
    for (name, bytes) in bombs()? {
        assert!(bytes.len() <= MEBI, "{name}: {} bytes", bytes.len());
        let before = NOW.load(Relaxed);
        PEAK.store(before, Relaxed);
        let start = Instant::now();
        let outcome = Weights::parse(Path::new("hostile.pth"), &bytes).map(drop);
        let (took, grew) = (start.elapsed(), PEAK.load(Relaxed) - before);
        let error = outcome.expect_err(name);
        eprintln!("{name}: {took:.1?}, {} KiB; {error}", grew >> 10);
        assert!(took < Duration::from_secs(2), "{name}: {took:?}");
        assert!(grew < 256 * MEBI, "{name}: {grew} bytes");
        most = most.max(grew);
    }
    // Otherwise nothing was counted.
    assert!(most > MEBI, "{most} bytes at most");
    Ok(())
}
