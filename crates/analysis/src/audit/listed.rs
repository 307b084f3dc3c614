//! Cells of a row in a sentence.

/// The most of them: a table may have many thousands of columns.
const MOST: usize = 100;

/// The cells with commas between them, or the first 100 and how many there are besides.
pub(super) fn listed(cells: &[String]) -> String {
    let more = cells.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    cells[..cells.len().min(MOST)].join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_hundred_cells_are_named_and_the_rest_counted() {
        let cells: Vec<String> = (1..=102).map(|n| n.to_string()).collect();
        assert_eq!(listed(&cells[..2]), "1, 2");
        assert!(listed(&cells[..100]).ends_with(", 99, 100"));
        assert!(listed(&cells).ends_with(", 99, 100 and 2 more"));
    }
}
