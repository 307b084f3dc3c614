//! How much memory an audit takes: counted by the allocator, for a table with findings in every row.
//!
//! One test in a program of its own, because the allocator counts for all threads.

use scribe_analysis::audit::{Layout as TableLayout, audit};
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

const LAYOUT: &str = "name = \"x\"\nmodel = [\"model\"]\n[[measure]]\nname = \"m\"\nclean = \"clean\"\n\
                      conditions = [\"fog\", \"snow\", \"rain\"]\nmean = \"mean\"\n";

/// Every row has a wrong mean, a cell above the clean score, and the cells of one of the first hundred rows.
#[test]
fn an_audit_takes_no_more_than_twenty_times_its_table() {
    let row =
        |n: u32| format!("model {n},35.00,{:.2},30.00,40.00,90.00\n", 20.0 + f64::from(n % 100) / 100.0);
    let table = "model,clean,fog,snow,rain,mean\n".to_owned() + &(0..50_000).map(row).collect::<String>();
    let layout = TableLayout::parse(LAYOUT, "x.toml").unwrap();
    let before = NOW.load(Ordering::SeqCst);
    MOST.store(before, Ordering::SeqCst);
    let found = audit(&table, "t.csv", &layout).unwrap();
    let times = (MOST.load(Ordering::SeqCst) - before) as f64 / table.len() as f64;
    assert_eq!(found.faults(), 50_000 + 49_900);
    assert!(times < 20.0, "{times:.1} times the table");
}
