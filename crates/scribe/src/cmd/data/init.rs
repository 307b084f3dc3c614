//! `scribe data init`: a recipe for a folder that nobody has described.

use super::skeleton;
use crate::cmd::output::print;
use crate::cmd::whole::whole;
use anyhow::{Context, bail};
use clap::Args;
use scribe::Recipe;
use scribe_base::atomic_file;
use scribe_corruptions::{Corruption, Suite};
use scribe_dataset::inspect_folder;
use std::path::{Path, PathBuf};

/// Write a recipe for a folder of pictures and label maps, to be read and corrected.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe data init MY_VOC --out mine.toml
  scribe data check MY_VOC --recipe mine.toml
Pairs of pictures and label maps are found by common names, folders called
train and val become [data.train] and [data.val], and the values in the label
maps become classes, whose names are yours to write. Pictures in a folder that
is called after a corruption, such as fog, are left out where others have the
same label maps. Nothing in the folder is changed.")]
pub(crate) struct Init {
    /// The folder
    root: PathBuf,
    /// The recipe to write; it must not exist [default: the folder's name with .toml, in lower case, with - for other characters than
    /// ASCII letters and digits; mine.toml where none is left]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many label maps of each list are read for their values
    #[arg(long, default_value_t = 2000, value_name = "N", value_parser = whole::<usize>(0..=u64::MAX))]
    masks: usize,
}

impl Init {
    /// Looks, and writes.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let name = self.name()?;
        let out = self.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.toml")));
        if out.try_exists().with_context(|| out.display().to_string())? {
            bail!("{}: exists already (expected another --out)", out.display());
        }
        let suite = Suite::imagecorruptions();
        let corruptions: Vec<&str> = suite.all().map(Corruption::name).collect();
        let guess = inspect_folder(&self.root, self.masks, &corruptions)?;
        let text = skeleton::recipe(&name, &self.check(&out), &guess)?;
        atomic_file::write(&out, text.as_bytes())?;
        // What was written must be a recipe.
        if let Err(error) = Recipe::load(&out.display().to_string(), &[]) {
            bail!("{}: written, but has to be corrected before it is of use: {error}", out.display());
        }
        Ok(print(&format!("{}\n", self.summary(&out, &text, &guess.left_out)))?)
    }

    /// The recipe's name: that of the file to write, else that of the folder, in letters that a name may have.
    fn name(&self) -> anyhow::Result<String> {
        let of_out = self.out.as_ref().and_then(|out| out.file_stem());
        let root = self.root.canonicalize().with_context(|| self.root.display().to_string())?;
        let stem = of_out.or(root.file_name()).unwrap_or_default().to_string_lossy().to_lowercase();
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let name: String = stem.chars().map(plain).take(64).collect();
        let name = name.trim_matches('-');
        Ok(if name.is_empty() { "mine".to_owned() } else { name.to_owned() })
    }

    /// What was written, and what comes next.
    fn summary(&self, out: &Path, text: &str, left_out: &[String]) -> String {
        let open: Vec<&str> =
            text.lines().filter_map(|line| line.split_once("TODO: ")).map(|(_, todo)| todo).collect();
        let mut lines = vec![format!("{}: a recipe for {}", out.display(), self.root.display())];
        lines.extend(open.iter().map(|todo| format!("to be corrected: {todo}")));
        lines.extend(left_out.iter().map(|file| format!("left out: {file}")));
        lines.push(format!("then: {}", self.check(out)));
        lines.join("\n")
    }

    /// The command that looks at what was written.
    fn check(&self, out: &Path) -> String {
        format!("scribe data check {} --recipe {}", argument(&self.root), argument(out))
    }
}

/// A path as an argument of a shell: quoted where it has to be, and never an option.
fn argument(path: &Path) -> String {
    let shown: String =
        path.display().to_string().chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let shown = if shown.starts_with('-') { format!("./{shown}") } else { shown };
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    if !shown.is_empty() && shown.chars().all(plain) {
        shown
    } else {
        format!("'{}'", shown.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_arguments_of_a_shell() {
        for (path, expected) in [
            ("a/b-c.toml", "a/b-c.toml"),
            ("\u{65e5}\u{672c}", "\u{65e5}\u{672c}"),
            ("sp ace \u{fc}", "'sp ace \u{fc}'"),
            ("--opt", "./--opt"),
            ("it's", "'it'\\''s'"),
        ] {
            assert_eq!(argument(Path::new(path)), expected);
        }
    }
}
