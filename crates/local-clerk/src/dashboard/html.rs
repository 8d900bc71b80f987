//! Just enough of HTML: templates, tables, and text that is nothing but text.

/// Puts values in the places of a template, in one pass: a value's own braces stay as they are.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    for part in template.split("{{") {
        match part.split_once("}}") {
            Some((name, rest)) => {
                filled.extend(
                    values
                        .iter()
                        .filter(|(known, _)| *known == name)
                        .map(|(_, value)| *value),
                );
                filled += rest;
            }
            None => filled += part,
        }
    }
    filled
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A row of cells that are HTML.
pub(super) fn row(cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr>{cells}</tr>")
}

/// A text, and a softer one below it.
pub(super) fn two_lines(text: &str, below: &str) -> String {
    format!("{}<small>{}</small>", escape(text), escape(below))
}

/// A form that is one button.
pub(super) fn button(action: &str, text: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{}\"><button>{}</button></form>",
        escape(action),
        escape(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once() {
        assert_eq!(
            fill("a {{x}} b {{y}}{{gone}}.", &[("x", "{{y}}"), ("y", "2")]),
            "a {{y}} b 2."
        );
        assert_eq!(two_lines("<b>", "\"&"), "&lt;b&gt;<small>&quot;&amp;</small>");
    }
}
