//! Checks that all processes were given the same work.

use super::collective::Collective;
use super::error::{GroupError, Result};
use scribe_base::human::printable;

/// Bytes of the longest text that is compared.
const LONGEST: usize = 1 << 16;

/// Checks that `what` is the same text on every rank.
///
/// # Errors
/// [`GroupError::Mismatch`] on a rank whose text is not that of rank 0, [`GroupError::Left`] on the others.
pub fn agree(group: &dyn Collective, what: &str, text: &str) -> Result<()> {
    let zeroth = group.broadcast_bytes(text.as_bytes(), LONGEST)?;
    if zeroth != text.as_bytes() {
        let zeroth = String::from_utf8_lossy(&zeroth);
        let zeroth = printable(&zeroth);
        let reason = format!("{what} of rank {} is '{text}', that of rank 0 is '{zeroth}'", group.rank());
        group.leave(&reason);
        return Err(GroupError::Mismatch(reason));
    }
    group.barrier()
}
