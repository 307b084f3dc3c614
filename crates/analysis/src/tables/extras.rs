//! The corruptions beyond the paper's fifteen, in a table of their own.

use super::table1::rows;
use super::{Better, Column, Table};
use crate::names::Group;
use crate::summary::{ModeChoice, Results};
use crate::view::View;

/// mIoU by severity, model and corruption, as Table 1, of the corruptions that are not among the paper's fifteen,
/// under the groups that the store names; `None` where none was run.
pub(crate) fn extras_table(results: &Results<'_>, choice: ModeChoice) -> Option<Table> {
    let view = results.view();
    let mut names = view.extras();
    names.sort_by_cached_key(|name| group(view, name));
    let of: Vec<&str> = names.iter().map(String::as_str).collect();
    let column = |name: &String| {
        let words = name.replace('_', " ");
        Column { key: name.clone(), short: words.clone(), title: words }
    };
    (!names.is_empty()).then(|| Table {
        id: "extra-corruptions".to_owned(),
        title: "Corruptions beyond the paper's fifteen".to_owned(),
        caption: format!(
            "mIoU in percent; each cell: {}. These corruptions count in no mean, rank or summary elsewhere.",
            choice.title()
        ),
        stubs: vec!["Sv.".to_owned(), "Model".to_owned()],
        groups: heads(view, &names),
        columns: names.iter().map(column).collect(),
        rows: rows(results, choice, &of),
        notes: Vec::new(),
        better: Better::Higher,
        not_established: Vec::new(),
    })
}

/// The place of a corruption's group among the groups, and its title: the paper's groups in their order, then others by
/// name, and at the end what has none.
fn group(view: &View, corruption: &str) -> (usize, String) {
    let name = view.about.groups.get(corruption).map_or("", String::as_str);
    let paper = Group::ALL.iter().position(|group| group.title().eq_ignore_ascii_case(name));
    match paper {
        Some(place) => (place, Group::ALL[place].title().to_owned()),
        None => (Group::ALL.len() + usize::from(name.is_empty()), name.to_owned()),
    }
}

/// The titles of the groups above the columns, each with its number of columns; none where no corruption has a group.
fn heads(view: &View, names: &[String]) -> Vec<(String, usize)> {
    let mut heads: Vec<(String, usize)> = Vec::new();
    for (_, title) in names.iter().map(|name| group(view, name)) {
        match heads.last_mut() {
            Some((last, count)) if *last == title => *count += 1,
            _ => heads.push((title, 1)),
        }
    }
    if heads.iter().all(|(title, _)| title.is_empty()) { Vec::new() } else { heads }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Cell;
    use scribe_records::{Condition, Confusion, Mode, ModelId, Series, SparseConfusion};

    /// A view with one pixel under each corruption.
    fn view(corruptions: &[&str], groups: &[(&str, &str)]) -> View {
        let mut view = View::new(&["background", "cat"], &["a"]);
        let mut one = Confusion::new(2);
        one.add(&[1], &[1]).unwrap();
        for name in corruptions {
            let series = Series::new(ModelId::new("net").unwrap(), 0, Mode::single());
            let cell = Cell { series, condition: Condition::new(*name, 1).unwrap() };
            view.insert(&cell, 0, SparseConfusion::try_from(&one).unwrap()).unwrap();
        }
        let pairs = groups.iter().map(|(name, group)| ((*name).to_owned(), (*group).to_owned()));
        view.about.groups = pairs.collect();
        view
    }

    #[test]
    fn corruptions_are_under_their_groups() {
        let groups = [("rain", "wet"), ("hail", "wet"), ("spatter", "weather"), ("fog", "weather")];
        let view = view(&["dirt", "fog", "hail", "rain", "spatter"], &groups);
        let table = extras_table(&Results::new(&view), ModeChoice::Single).unwrap();
        let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
        assert_eq!(keys, ["spatter", "hail", "rain", "dirt"]);
        let heads: Vec<_> = table.groups.iter().map(|(title, count)| (title.as_str(), *count)).collect();
        assert_eq!(heads, [("Weather", 1), ("wet", 2), ("", 1)]);
    }

    #[test]
    fn without_groups_there_are_no_heads() {
        let table = extras_table(&Results::new(&view(&["rain", "hail"], &[])), ModeChoice::Single).unwrap();
        let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
        assert_eq!((keys, table.groups), (vec!["hail", "rain"], Vec::new()));
    }
}
