//! Removes strokes without length, which plotters writes and other programs complain about.

/// Leaves out every `polyline` whose points are fewer than two different ones: a dash that ended on its first point, a
/// whisker whose ends fall on one pixel. They are invisible.
pub(crate) fn without_empty(svg: &str) -> String {
    let mut kept = String::with_capacity(svg.len());
    for line in svg.split_inclusive('\n') {
        if !is_empty(line) {
            kept.push_str(line);
        }
    }
    kept
}

/// plotters writes one element a line.
fn is_empty(line: &str) -> bool {
    if !line.trim_start().starts_with("<polyline ") {
        return false;
    }
    let points = line.split_once("points=\"").and_then(|(_, rest)| rest.split_once('"'));
    let Some((points, _)) = points else { return true };
    let mut points = points.split_whitespace();
    let first = points.next();
    points.all(|point| Some(point) == first)
}

#[cfg(test)]
mod tests {
    use super::without_empty;

    #[test]
    fn only_strokes_with_two_different_points_stay() {
        let line =
            |points: &str| format!("<polyline fill=\"none\" stroke-width=\"20\" points=\"{points}\"/>\n");
        let svg = [
            "<svg>\n".to_owned(),
            line(""),
            line("1,2 "),
            line("1,2 1,2 "),
            line("1,2 1,3 "),
            "</svg>\n".to_owned(),
        ];
        assert_eq!(without_empty(&svg.concat()), format!("<svg>\n{}</svg>\n", line("1,2 1,3 ")));
    }
}
