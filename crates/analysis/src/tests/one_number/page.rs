//! A page's tables and sentences as text, without a browser.

/// One cell: what a reader sees, without marks.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) text: String,
    /// The small text below, for example an interval.
    pub(crate) small: Vec<String>,
}

/// The section with this id.
pub(crate) fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.find(&format!("<section id=\"{id}\">")).unwrap_or_else(|| panic!("no section {id}"));
    let end = page[start..].find("</section>").unwrap();
    &page[start..start + end]
}

/// The rows of every table of a section: heads and body.
pub(crate) fn tables(section: &str) -> Vec<Vec<Vec<Field>>> {
    let table = |t: &str| parts(t, "<tr", "</tr>").into_iter().map(row).collect();
    parts(section, "<table", "</table>").into_iter().map(table).collect()
}

fn row(text: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    for kind in [("<th", "</th>"), ("<td", "</td>")] {
        // "<thead" begins like "<th", but a row holds none.
        fields.extend(parts(text, kind.0, kind.1).into_iter().map(field));
    }
    fields
}

fn field(text: &str) -> Field {
    let body = text.split_once('>').unwrap().1;
    let small = parts(body, "<small", "</small>").into_iter().map(plain).collect();
    let shown = body.split("<small").next().unwrap().split("<sup").next().unwrap();
    let shown = shown.split("<span class=\"tag").next().unwrap();
    Field { text: plain(&format!(">{shown}")), small }
}

/// The items of a section's lists.
pub(crate) fn sentences(section: &str) -> Vec<String> {
    parts(section, "<li", "</li>").into_iter().map(plain).collect()
}

fn parts<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let begins = text.match_indices(open).filter(|(at, _)| {
        // The name of the element ends here, so that "<th" does not find "<thead".
        matches!(text[at + open.len()..].chars().next(), Some('>' | ' '))
    });
    begins.map(|(at, _)| &text[at + open.len()..at + text[at..].find(close).unwrap()]).collect()
}

/// Text after the element's own tag, without the tags in it.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut inside = true;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    unescaped(&out)
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.replace('\u{a0}', " "), |t, (a, b)| t.replace(a, b)).trim().to_owned()
}
