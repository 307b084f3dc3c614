//! Pictures that lie under a condition, such as fog, beside those that they were made of.

use super::FoundPair;

/// Takes the pairs out whose pictures are in a folder called after a corruption where other pictures have the same label
/// maps, and says so of each. Where all pictures are in such folders, as those of a set of real fog, they stay.
pub(super) fn take_out(pairs: &mut Vec<FoundPair>, corruptions: &[&str]) -> Vec<String> {
    let under_condition = |pair: &FoundPair| is_below(&pair.pictures, corruptions);
    let has_others: Vec<String> =
        pairs.iter().filter(|pair| !under_condition(pair)).map(|pair| pair.labels.clone()).collect();
    let (out, rest): (Vec<FoundPair>, Vec<FoundPair>) =
        pairs.drain(..).partition(|pair| under_condition(pair) && has_others.contains(&pair.labels));
    *pairs = rest;
    let say = |pair: &FoundPair| {
        format!(
            "{}: its folder has the name of a corruption, and other pictures have the same label maps ([[eval.conditions]] takes \
             such pictures)",
            pair.pictures
        )
    };
    out.iter().map(say).collect()
}

/// Whether one of the folders of a template is called after a corruption, as itself or with `real_` before it.
fn is_below(template: &str, corruptions: &[&str]) -> bool {
    let folders = template.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| {
        let folder = folder.to_lowercase();
        corruptions.contains(&folder.strip_prefix("real_").unwrap_or(&folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelKind;

    fn pairs(all: &[(&str, &str)]) -> Vec<FoundPair> {
        let pair = |&(pictures, labels): &(&str, &str)| FoundPair {
            pictures: pictures.to_owned(),
            labels: labels.to_owned(),
            split: None,
            kind: LabelKind::Bytes,
            ids: vec!["a".to_owned()],
            without_label: 0,
        };
        all.iter().map(pair).collect()
    }

    #[test]
    fn corrupted_pictures_are_left_out_where_there_are_others() {
        let labels = "labels/{id}.png";
        let names = ["Fog/{id}.png", "images/{id}.png", "c/real_snow/3/{id}.png", "foggy/{id}.png"];
        let mut found = pairs(&names.map(|name| (name, labels)));
        let said = take_out(&mut found, &["fog", "snow"]);
        assert_eq!(found, pairs(&[(names[1], labels), (names[3], labels)]));
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("Fog/{id}.png: its folder has the name of a corruption"), "{said:?}");
    }

    #[test]
    fn a_set_of_fog_alone_keeps_its_pictures() {
        // ACDC's folders: pictures in fog have label maps of their own.
        let all = [("rgb/fog/{id}.png", "gt/fog/{id}.png"), ("rgb/night/{id}.png", "gt/night/{id}.png")];
        let mut found = pairs(&all);
        assert!(take_out(&mut found, &["fog", "snow"]).is_empty());
        assert_eq!(found, pairs(&all));
    }
}
