//! The page that has the values of a form.

use http::Uri;
use url::form_urlencoded;

pub(super) fn render(action: &Uri, sign_in: &str, form: &[u8]) -> String {
    let action = action.path_and_query().map_or("/", |path| path.as_str());
    // Browsers would take `//host` for another host.
    let action = format!("/{}", action.trim_start_matches('/'));
    let inputs: String = form_urlencoded::parse(form)
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
                escaped(&name),
                escaped(&value)
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>Sign in to continue</title>
</head>
<body>
<main>
<h1>Sign in to continue</h1>
<p>You are not signed in any more, so nothing was sent yet. What you have entered is kept in this page.</p>
<form method=\"post\" action=\"{}\">
{inputs}<p>First <a href=\"{}\" target=\"_blank\" rel=\"noopener\">sign in, in a new tab</a>. Then come back here.</p>
<p><button>Send again</button></p>
</form>
</main>
</body>
</html>
",
        escaped(&action),
        escaped(sign_in),
    )
}

/// Escapes a text for an attribute. A line break is kept as the browser has sent it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' => escaped.push_str("&#10;"),
            other => escaped.push(other),
        }
    }
    escaped
}
