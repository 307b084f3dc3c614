//! Ends the process where the targets hold more memory than one small input may cost.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// An input below 1 MiB costs at most this many bytes; what a target keeps from input to input is far below.
const MOST: usize = 256 << 20;

static HELD: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted. A reallocation is counted as both its blocks, which it may need at once.
struct Bounded;

#[global_allocator]
static ALLOCATOR: Bounded = Bounded;

// SAFETY: every block comes from and goes back to the system's allocator, under the layout that it was asked for with.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if HELD.fetch_add(layout.size(), Relaxed) + layout.size() > MOST {
            // The fuzzer keeps the input of a process that aborts.
            std::process::abort();
        }
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }
}
