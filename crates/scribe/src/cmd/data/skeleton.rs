//! The recipe that `scribe data init` writes.

use anyhow::{Context, bail};
use scribe_base::human;
use scribe_dataset::{Classes, FolderGuess, FoundPair, FoundValues};
use std::fmt::Write;

/// Everything but the recipe's name and `[data]`.
const REST: &str = include_str!("skeleton.toml");
/// The most classes for which sums of logits are kept by default; they grow with the square of the classes.
const MOST_WITH_MOMENTS: usize = 64;

/// The text of the recipe.
///
/// # Errors
/// The label maps hold too many values to be classes, or only one.
pub(super) fn recipe(name: &str, check: &str, guess: &FolderGuess) -> anyhow::Result<String> {
    let classes = classes(name, guess)?;
    let mut text = format!(
        "# Written by `scribe data init`: a guess, to be read and corrected.\n\
         # Command:  {check}\n\
         # What is marked with TODO needs you.\n\
         name = \"{name}\"\nsource = \"ours\"\nseeds = [1]\n\n[data]\n"
    );
    if guess.is_voc {
        text += "train_set = \"voc\" # VOC's layout: ImageSets/Segmentation/train.txt and val.txt\nlabels = \"auto\"\n";
        text += &classes.text;
    } else {
        text += &classes.text;
        text += &lists(&guess.pairs)?;
    }
    text += "\n";
    text += &rest(guess, &classes);
    Ok(text)
}

/// What the recipe says of the classes.
struct ClassesText {
    text: String,
    count: usize,
    has_background: bool,
}

fn classes(name: &str, guess: &FolderGuess) -> anyhow::Result<ClassesText> {
    let values = &guess.values;
    let preset = if guess.is_voc && is_of_voc(values) { Some("voc") } else { guess.preset };
    if let Some(preset) = preset {
        let known = Classes::preset(preset)?;
        let text = format!("classes = \"{preset}\" # a preset: it knows every value that was found\n");
        return Ok(ClassesText { text, count: known.len(), has_background: known.has_background() });
    }
    let found = seen(values);
    let made = match (values.numbers.is_empty(), values.colours.is_empty()) {
        (false, _) => numbers(values)?,
        (true, false) => colours(values)?,
        (true, true) => bail!("the label maps hold nothing (expected values or colours)"),
    };
    let text = format!("\n[data.classes] # {found}\nname = \"{name}\"\n{}", made.text);
    Ok(ClassesText { text, ..made })
}

fn is_of_voc(values: &FoundValues) -> bool {
    values.colours.is_empty() && values.numbers.keys().all(|&value| value <= 20 || value == 255)
}

fn seen(values: &FoundValues) -> String {
    format!("values of {} of {}", values.looked_at, human::count(values.of, "label map"))
}

/// A class for each value. 255 beside others is ignored, as nearly every set has it; only 0 and 255 are an object before
/// its background.
fn numbers(values: &FoundValues) -> anyhow::Result<ClassesText> {
    let all: Vec<u16> = values.numbers.keys().copied().collect();
    let is_binary = matches!(all[..], [0, 1] | [0, 255]);
    let ignored = !is_binary && all.contains(&255) && all.len() > 2;
    let used: Vec<u16> = all.iter().copied().filter(|&value| !(ignored && value == 255)).collect();
    check_count(used.len(), all.len())?;
    let mut text = rare(values.numbers.values().copied(), values.looked_at);
    if is_binary {
        text += "background = \"background\"\n";
    }
    if ignored {
        text += "ignore = [255]\n";
    } else if !is_binary {
        text += "ignore = [] # TODO: move here the values that mean \"unlabelled\", out of the classes\n";
    }
    text += "classes = [ # TODO: the names of the classes\n";
    for &value in &used {
        let name = match (is_binary, value) {
            (true, 0) => "background".to_owned(),
            (true, _) => "object".to_owned(),
            _ => format!("class {value}"),
        };
        let colour =
            values.shown.get(&value).map(|&[r, g, b]| format!("colour = \"#{r:02x}{g:02x}{b:02x}\", "));
        let maps = human::count(values.numbers[&value], "label map");
        writeln!(
            text,
            "  {{ name = \"{name}\", {}values = [{value}] }}, # in {maps}",
            colour.unwrap_or_default()
        )?;
    }
    text += "]\n";
    Ok(ClassesText { text, count: used.len(), has_background: is_binary })
}

/// A class for each colour.
fn colours(values: &FoundValues) -> anyhow::Result<ClassesText> {
    check_count(values.colours.len(), values.colours.len())?;
    let mut text = rare(values.colours.values().copied(), values.looked_at);
    text +=
        "ignore_colours = [] # TODO: move here the colours that mean \"unlabelled\", out of the classes\n";
    text += "classes = [ # TODO: the names of the classes\n";
    for ([r, g, b], maps) in &values.colours {
        let colour = format!("{r:02x}{g:02x}{b:02x}");
        writeln!(
            text,
            "  {{ name = \"colour {colour}\", colours = [\"#{colour}\"] }}, # in {}",
            human::count(*maps, "label map")
        )?;
    }
    text += "]\n";
    Ok(ClassesText { text, count: values.colours.len(), has_background: false })
}

/// A hint where most values are in few label maps, as between two areas whose edge is smooth.
fn rare(maps: impl ExactSizeIterator<Item = usize>, looked_at: usize) -> String {
    let all = maps.len();
    let few = maps.filter(|&maps| maps <= looked_at.div_ceil(10)).count();
    if all <= 20 || 2 * few <= all {
        return String::new();
    }
    format!(
        "# TODO: {few} of these {all} are in at most a tenth of the label maps; smooth edges, resizing with interpolation and \
         JPEG make such values, which are no classes: save the label maps without them\n"
    )
}

fn check_count(count: usize, found: usize) -> anyhow::Result<()> {
    if !(2..=254).contains(&count) {
        bail!(
            "the label maps hold {found} different values or colours (expected 2 to 254 classes; numbers of instances, pictures \
             with smooth edges and pictures instead of label maps look like this)"
        );
    }
    Ok(())
}

/// The sections of the lists.
fn lists(pairs: &[FoundPair]) -> anyhow::Result<String> {
    let of = |split| pairs.iter().find(|pair| pair.split == Some(split));
    let unnamed = pairs.iter().find(|pair| pair.split.is_none());
    let val = of("val").or(of("test")).or(unnamed).or(of("train")).context("a pair was found")?;
    let train = of("train").or(unnamed);
    let mut text = String::new();
    if let Some(train) = train {
        text += &section("train", train, pairs);
    } else {
        text += "\n# No folder of training pictures was found: this recipe can test networks, and not train one.\n";
    }
    if train.is_some_and(|train| train == val) {
        text += "\n# TODO: these are the training pictures; name another list, so that networks are tested on pictures that they \
                 have not seen: list = \"val.txt\" with an id a line, and one for [data.train]";
    }
    Ok(text + &section("val", val, pairs))
}

fn section(name: &str, pair: &FoundPair, pairs: &[FoundPair]) -> String {
    let without = match pair.without_label {
        0 => String::new(),
        n => format!("; {n} more have no label map"),
    };
    let mut text = format!(
        "\n[data.{name}] # {}{without}\npictures = \"{}\"\nlabels   = \"{}\"\n",
        human::count(pair.ids.len(), "picture"),
        pair.pictures,
        pair.labels
    );
    // Fewer than half as many pictures are not what was meant.
    let likely =
        |other: &&FoundPair| 2 * other.ids.len() >= pair.ids.len() && other.ids.len() <= 2 * pair.ids.len();
    let others = pairs.iter().filter(|other| *other != pair && other.split == pair.split).filter(likely);
    for other in others.take(5) {
        text += &format!("# or: {} with {} ({})\n", other.pictures, other.labels, other.ids.len());
    }
    text
}

/// The rest of the recipe, with sizes that fit the pictures.
fn rest(guess: &FolderGuess, classes: &ClassesText) -> String {
    let side = guess.short_side.clamp(32, 8192);
    let crop = (side.min(224) / 16 * 16).max(32);
    let view = match guess.size {
        Some((width, height)) if width.max(height) <= 640 => "native".to_owned(),
        _ => format!("short:{}", side.min(512)),
    };
    let mut records = vec!["\"calibration\"", "\"temperatures\""];
    if classes.count <= MOST_WITH_MOMENTS {
        records.splice(0..0, ["\"moments\"", "\"cross_moments\""]);
    }
    if classes.has_background {
        records.push("\"non_distinctiveness\"");
    }
    REST.replace("@LOW@", &crop.to_string())
        .replace("@HIGH@", &side.clamp(crop, 2 * crop).to_string())
        .replace("@CROP@", &crop.to_string())
        .replace("@VIEW@", &view)
        .replace("@RECORDS@", &records.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_few_label_maps_are_hinted_at() {
        let hint = rare([9, 9].into_iter().chain([1; 30]).collect::<Vec<_>>().into_iter(), 9);
        assert!(hint.starts_with("# TODO: 30 of these 32 are in"), "{hint}");
        assert_eq!(rare(vec![9; 32].into_iter(), 9), "");
        assert_eq!(rare(vec![1; 8].into_iter(), 9), "");
    }
}
