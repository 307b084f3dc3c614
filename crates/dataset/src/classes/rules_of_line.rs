//! Divides a line of a map of classes into its rules.

/// The rules of a line without its comment; blank ones are left out.
pub(super) fn rules_of_line(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut outside = move |c: char| {
        quoted ^= c == '"';
        !quoted
    };
    let mut cuts = vec![0];
    let mut end = line.len();
    for (at, c) in line.char_indices() {
        match c {
            c if !outside(c) => {}
            ',' => cuts.push(at),
            '#' => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    cuts.push(end);
    let rules: Vec<&str> = cuts.windows(2).map(|w| line[w[0]..w[1]].trim_start_matches(',')).collect();
    rules.into_iter().filter(|rule| !rule.trim().is_empty())
}
