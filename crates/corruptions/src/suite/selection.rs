//! The grammar of lists of corruptions, the same in recipes and on every command line.

use super::{EXTRAS, Suite};
use crate::{Corruption, Error, Group, Result};

/// The word for the paper's fifteen.
const ALL: &str = "all";
/// The word for ImageNet-C's four validation corruptions.
const VALIDATION: &str = "extras";

impl Suite {
    /// The corruptions that `words` name, each once, at its first mention.
    ///
    /// A word is a corruption's name, a group of the paper's Table 1 (`noise`, `blur`, `weather`, `lighting`, `spatial`:
    /// those of the fifteen), a group of corruptions that were added, `all` (the fifteen) or `extras` (the four of
    /// [`EXTRAS`]). One text may hold several words with commas between them; spaces around a word and empty words are
    /// ignored.
    ///
    /// ```
    /// use scribe_corruptions::Suite;
    /// let suite = Suite::imagecorruptions();
    /// let names: Vec<_> = suite.select(&["fog, snow", "weather"])?.iter().map(|c| c.name()).collect();
    /// assert_eq!(names, ["fog", "snow", "frost"]);
    /// assert_eq!(suite.select(&["all"])?.len(), 15);
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`] for the first word that is none of these; its message begins with the nearest ones.
    pub fn select(&self, words: &[impl AsRef<str>]) -> Result<Vec<&dyn Corruption>> {
        let mut chosen: Vec<&dyn Corruption> = Vec::new();
        let words = words.iter().flat_map(|text| text.as_ref().split(','));
        for word in words.map(str::trim).filter(|word| !word.is_empty()) {
            for corruption in self.meant(word)? {
                if chosen.iter().all(|known| known.name() != corruption.name()) {
                    chosen.push(corruption);
                }
            }
        }
        Ok(chosen)
    }

    /// The corruptions that one word of a list names.
    fn meant(&self, word: &str) -> Result<Vec<&dyn Corruption>> {
        let group = self.groups().into_iter().find(|group| group.name() == word);
        Ok(match (word, group) {
            (ALL, _) => self.corruptions().collect(),
            (VALIDATION, _) => self.all().filter(|c| EXTRAS.contains(&c.name())).collect(),
            (_, Some(group @ Group::Other(_))) => self.all().filter(|c| c.group() == group).collect(),
            (_, Some(group)) => self.corruptions().filter(|c| c.group() == group).collect(),
            _ => vec![self.get(word).map_err(|_| self.no_such_word(word))?],
        })
    }

    /// The paper's groups, then others in the order of the suite.
    fn groups(&self) -> Vec<Group> {
        let mut groups = Group::ALL.to_vec();
        for corruption in self.all() {
            if !groups.contains(&corruption.group()) {
                groups.push(corruption.group());
            }
        }
        groups
    }

    fn no_such_word(&self, word: &str) -> Error {
        let names = self.all().map(Corruption::name);
        let groups = self.groups().into_iter().map(Group::name);
        let known = names.chain([ALL]).chain(groups).chain([VALIDATION]).collect();
        Error::UnknownCorruption { name: word.to_owned(), suite: self.name().to_owned(), known }
    }
}

/// Whether a word has a meaning in lists or in tables, so that nothing else can have its name.
pub(super) fn is_word(word: &str) -> bool {
    [ALL, VALIDATION, "clean"].contains(&word) || Group::ALL.iter().any(|group| group.name() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PAPER_ORDER;

    fn names(words: &[&str]) -> Vec<&'static str> {
        Suite::imagenet_c().select(words).unwrap().iter().map(|c| c.name()).collect()
    }

    #[test]
    fn names_groups_and_all_in_the_order_of_their_first_mention() {
        assert_eq!(names(&["all"]), PAPER_ORDER);
        assert_eq!(names(&["extras"]), EXTRAS);
        assert_eq!(names(&["noise"]), PAPER_ORDER[..3]);
        assert_eq!(names(&["lighting", "fog"]), ["brightness", "contrast", "fog"]);
        assert_eq!(names(&["fog", "all"])[..2], ["fog", "gaussian_noise"]);
        assert_eq!(names(&["fog", "all"]).len(), 15);
        let groups = Group::ALL.map(Group::name);
        assert_eq!(names(&groups), PAPER_ORDER);
    }

    #[test]
    fn blanks_and_commas_separate_and_do_no_more() {
        assert_eq!(names(&[" fog ,snow", "frost,"]), ["fog", "snow", "frost"]);
        assert_eq!(names(&["fog,", "snow"]), ["fog", "snow"]);
        assert_eq!(names(&["", " , "]), [""; 0]);
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_nearest() {
        let message = |word: &str| Suite::imagecorruptions().select(&[word]).err().unwrap().to_string();
        let fogg = message("fogg");
        assert!(
            fogg.starts_with("no corruption \"fogg\" in suite imagecorruptions: did you mean fog? "),
            "{fogg}"
        );
        assert!(message("wheather").contains("did you mean weather? "));
        assert!(message("rain").contains("suite imagecorruptions: expected one of gaussian_noise, "));
        assert!(message("rain").ends_with(", all, noise, blur, weather, lighting, spatial, extras"));
    }
}
