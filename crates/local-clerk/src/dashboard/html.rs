//! The parts that the sections of the page are made of.

use maud::{Markup, html};

/// A table with these column headings; `rows` are `tr` elements.
pub(super) fn table(headings: &[&str], rows: &Markup) -> Markup {
    html! {
        div.table {
            table {
                @if !headings.is_empty() {
                    thead { tr { @for heading in headings { th { (heading) } } } }
                }
                tbody { (rows) }
            }
        }
    }
}

/// A text with a secondary text below it.
pub(super) fn two_lines(text: &str, below: &str) -> Markup {
    html! { (text) small { (below) } }
}

/// A form that consists of one button.
pub(super) fn button(action: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(action) { button { (label) } }
    }
}

/// A value with a button that copies it.
pub(super) fn copyable(value: &str) -> Markup {
    html! {
        div.copied {
            code { (value) }
            button type="button" data-copy=(value) { "Copy" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            two_lines("<b>", "\"&").into_string(),
            "&lt;b&gt;<small>&quot;&amp;</small>"
        );
    }
}
