//! Whom rank 0 has refused at the rendezvous, as the log and the last error tell of it: the first of each kind, and how many
//! more. Otherwise noise of one kind would hide the process that could be helped.

/// Why a process does not belong to the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is of another version of this program.
    Protocol,
    /// It knows another word.
    Word,
    /// It was started as one of another number of processes.
    Size,
    /// Its rank is beyond their number.
    Rank,
    /// Its rank has come already.
    Twice,
}

/// A process that was refused, in words that it is told too.
#[derive(Debug)]
pub(super) struct Refusal {
    pub kind: Kind,
    pub reason: String,
}

/// The first of each kind, in the order in which they came, with the number of all.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<(Kind, String, usize)>);

impl Refusals {
    /// Counts one; true where it is the first of its kind.
    pub(super) fn add(&mut self, kind: Kind, told: &str) -> bool {
        if let Some((_, _, count)) = self.0.iter_mut().find(|(known, ..)| *known == kind) {
            *count += 1;
            return false;
        }
        self.0.push((kind, told.to_owned(), 1));
        true
    }

    /// A sentence for each kind.
    pub(super) fn told(self) -> Vec<String> {
        let sentence = |(_, told, count): (Kind, String, usize)| match count {
            1 => told,
            more => format!("{told}, and {} more like it", more - 1),
        };
        self.0.into_iter().map(sentence).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_of_one_kind_hides_no_other_kind() {
        let mut refusals = Refusals::default();
        let firsts = (0..9).filter(|n| refusals.add(Kind::Protocol, &format!("version {n}"))).count();
        assert_eq!(firsts, 1);
        assert!(refusals.add(Kind::Word, "rank 1 knows another word"));
        // Nine of one kind: the first, and eight more.
        assert_eq!(refusals.told(), ["version 0, and 8 more like it", "rank 1 knows another word"]);
    }
}
