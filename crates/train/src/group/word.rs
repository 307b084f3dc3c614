//! The word by which the processes of a group know each other.

use constant_time_eq::constant_time_eq_32;
use sha2::{Digest, Sha256};
use std::fmt;

/// A word that all processes of a group share and strangers should not know. Only digests of it are sent.
///
/// It keeps two groups, or a group and a careless stranger, apart. It does not encrypt anything, and whoever can read the
/// connection can send the same digest again (docs/parallel.md).
#[derive(Clone, PartialEq, Eq)]
pub struct Word([u8; 32]);

/// A digest of the word, as it is sent.
pub(super) type Proof = [u8; 32];

impl Word {
    /// The word of a text, such as a secret of the launcher's environment, or the names of a recipe and a run.
    #[must_use]
    pub fn new(text: &str) -> Word {
        Word(Sha256::digest(text.as_bytes()).into())
    }

    /// What a process sends with a message that begins with `magic`: the digest of one message is of no use in another.
    pub(super) fn proof(&self, magic: &[u8; 8]) -> Proof {
        Sha256::new().chain_update(magic).chain_update(self.0).finalize().into()
    }

    /// Whether `proof` is that of this word, in a time that does not depend on where they differ.
    pub(super) fn is_proved_by(&self, magic: &[u8; 8], proof: &Proof) -> bool {
        constant_time_eq_32(&self.proof(magic), proof)
    }
}

/// Does not show the word.
impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Word(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scribe_base::digest::hex;

    #[test]
    fn a_proof_is_of_one_word_and_one_message() {
        let (word, other) = (Word::new("recipe smoke, run a"), Word::new("recipe smoke, run b"));
        let proof = word.proof(b"scribe-g");
        assert!(word.is_proved_by(b"scribe-g", &proof));
        assert!(!word.is_proved_by(b"scribe-w", &proof) && !other.is_proved_by(b"scribe-g", &proof));
        // python3 -c "import hashlib as h; print(h.sha256(b'scribe-g'+h.sha256(b'recipe smoke, run a').digest()).hexdigest())"
        assert_eq!(hex(proof), "abc25c3ea391558646819c3767fbe9bc61a11bb823ae70c8f22ee2074001c897");
        assert_eq!(format!("{word:?}"), "Word(..)");
    }
}
