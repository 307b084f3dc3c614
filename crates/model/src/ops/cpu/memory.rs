//! New buffers that tasks write side by side.

use super::parallel;
use std::mem::MaybeUninit;
use std::ops::Range;

/// A vector of `len` elements that is written in chunks of `chunk` (the last may be shorter), on several threads where
/// `nanoseconds` of total work make that worth it. `fill(i, chunk)` writes chunk `i`, all of it: it returns the chunk as
/// written elements, which it can get from [`write_with`], [`MaybeUninit::fill`] and the like.
pub(in crate::ops) fn filled<T: Copy + Send>(
    len: usize,
    chunk: usize,
    nanoseconds: usize,
    fill: impl for<'a> Fn(usize, &'a mut [MaybeUninit<T>]) -> &'a mut [T] + Sync,
) -> Vec<T> {
    let mut data = Vec::with_capacity(len);
    let spare = &mut data.spare_capacity_mut()[..len];
    parallel::for_each_chunk(spare, chunk.max(1), nanoseconds, |i, place| {
        let whole = place.as_ptr_range();
        let written = fill(i, place).as_ptr_range();
        assert!(is_whole(whole, written), "a task writes the whole of its chunk");
    });
    // SAFETY: the chunks cover the first `len` elements, the vector has this capacity, and each task has shown its whole
    // chunk as a slice of initialised elements.
    unsafe { data.set_len(len) };
    data
}

/// Whether a slice of initialised elements is the whole of a place.
#[inline(always)]
pub(in crate::ops) fn is_whole<T>(place: Range<*const MaybeUninit<T>>, written: Range<*const T>) -> bool {
    place.start.cast() == written.start && place.end.cast() == written.end
}

/// Writes a chunk in pieces of `piece` elements (the last may be shorter), one after the other. `fill(i, piece)` writes
/// piece `i` and returns it, as in [`filled`].
#[inline(always)]
pub(in crate::ops) fn write_pieces<T: Copy>(
    place: &mut [MaybeUninit<T>],
    piece: usize,
    mut fill: impl for<'a> FnMut(usize, &'a mut [MaybeUninit<T>]) -> &'a mut [T],
) -> &mut [T] {
    for (i, part) in place.chunks_mut(piece.max(1)).enumerate() {
        let whole = part.as_ptr_range();
        let written = fill(i, part).as_ptr_range();
        assert!(is_whole(whole, written), "the whole of a piece is written");
    }
    // SAFETY: the pieces cover the chunk, and each was shown as a slice of initialised elements.
    unsafe { place.assume_init_mut() }
}

/// `write_each!(place, i => value)` writes `value` to every element `i` of a chunk, as [`write_with`] does. As a macro it is
/// compiled into the function around it, for that function's vector instructions; a closure may be compiled alone. `value`
/// must not contain `break` or `continue`.
macro_rules! write_each {
    ($place:expr, $i:ident => $value:expr) => {{
        let place: &mut [std::mem::MaybeUninit<_>] = $place;
        for ($i, element) in place.iter_mut().enumerate() {
            element.write($value);
        }
        // SAFETY: the loop has written every element; there is nothing in `value` that leaves it or a turn of it early.
        unsafe { place.assume_init_mut() }
    }};
}
pub(in crate::ops) use write_each;

/// `write_rows!(place, width, (row, part) => written)` writes a chunk in pieces as [`write_pieces`] does; see
/// [`write_each`] for why it is a macro.
macro_rules! write_rows {
    ($place:expr, $width:expr, ($row:ident, $part:ident) => $written:expr) => {{
        let place: &mut [std::mem::MaybeUninit<_>] = $place;
        let (width, mut written) = ($width, 0);
        for ($row, $part) in place.chunks_mut(usize::max(width, 1)).enumerate() {
            let whole = $part.as_ptr_range();
            let part = $written.as_ptr_range();
            assert!(crate::ops::cpu::memory::is_whole(whole, part), "the whole of a row is written");
            written += $part.len();
        }
        assert_eq!(written, place.len(), "every row is written");
        // SAFETY: the rows cover the chunk, and each was shown as a slice of initialised elements.
        unsafe { place.assume_init_mut() }
    }};
}
pub(in crate::ops) use write_rows;

/// Writes slices one after the other, which are as long as the chunk together.
#[inline(always)]
pub(in crate::ops) fn write_parts<'a, 'b, T: Copy + 'b>(
    place: &'a mut [MaybeUninit<T>],
    parts: impl Iterator<Item = &'b [T]>,
) -> &'a mut [T] {
    let mut at = 0;
    for part in parts {
        place[at..][..part.len()].write_copy_of_slice(part);
        at += part.len();
    }
    assert_eq!(at, place.len(), "the parts are as long as the chunk");
    // SAFETY: the parts lie side by side from the first element to the last, so every element is written.
    unsafe { place.assume_init_mut() }
}

/// Writes `value(i)` to every element `i` of a chunk.
#[inline(always)]
pub(in crate::ops) fn write_with<T: Copy>(
    place: &mut [MaybeUninit<T>],
    mut value: impl FnMut(usize) -> T,
) -> &mut [T] {
    for (i, element) in place.iter_mut().enumerate() {
        element.write(value(i));
    }
    // SAFETY: the loop has written every element.
    unsafe { place.assume_init_mut() }
}

/// A place in memory that several tasks write to, each in parts of its own. It makes no slices, so the memory may be
/// uninitialised.
pub(in crate::ops) struct Place<T>(*mut T);

impl<T> Clone for Place<T> {
    fn clone(&self) -> Place<T> {
        *self
    }
}

impl<T> Copy for Place<T> {}

// SAFETY: it is an address; whoever reads or writes there promises that no other thread uses that part.
unsafe impl<T: Send> Send for Place<T> {}
// SAFETY: sharing an address is harmless; whoever reads or writes there promises that no other thread uses that part.
unsafe impl<T: Send> Sync for Place<T> {}

impl<T> Place<T> {
    /// The place where `data` is.
    pub(in crate::ops) fn of(data: &mut [T]) -> Place<T> {
        Place(data.as_mut_ptr())
    }

    /// The place from element `offset` on.
    pub(in crate::ops) fn from(self, offset: usize) -> Place<T> {
        Place(self.at(offset))
    }

    /// The address of element `offset`, which is to be inside the place whenever it is used.
    pub(in crate::ops) fn at(self, offset: usize) -> *mut T {
        self.0.wrapping_add(offset)
    }
}

/// A vector of `len` elements that `fill` writes.
///
/// # Safety
/// `fill` writes all elements and reads none that it has not written.
pub(in crate::ops) unsafe fn written<T: Copy>(len: usize, fill: impl FnOnce(Place<T>)) -> Vec<T> {
    let mut data = Vec::with_capacity(len);
    fill(Place(data.as_mut_ptr()));
    // SAFETY: the capacity is at least `len`, and the caller promises that all elements are written.
    unsafe { data.set_len(len) };
    data
}
