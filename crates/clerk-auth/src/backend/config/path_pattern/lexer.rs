//! Splitting a path pattern into tokens.

/// What is wrong with a pattern, and at which character.
pub(crate) type SyntaxError = (&'static str, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Char,
    /// A character after a backslash.
    Escaped,
    /// The name of `:name`.
    Name,
    /// The inside of `(…)`.
    Pattern,
    /// `?`, `*` or `+`.
    Modifier,
    Open,
    Close,
}

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// The offset in characters.
    pub(crate) position: usize,
}

pub(crate) fn tokenize(pattern: &str) -> Result<Vec<Token>, SyntaxError> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let position = at;
        at += 1;
        let (kind, text) = match character {
            '*' | '+' | '?' => (Kind::Modifier, character.to_string()),
            '{' => (Kind::Open, character.to_string()),
            '}' => (Kind::Close, character.to_string()),
            '\\' => {
                let escaped = characters.get(at).ok_or(("nothing to escape", position))?;
                at += 1;
                (Kind::Escaped, escaped.to_string())
            }
            ':' => {
                let name: String = characters[at..]
                    .iter()
                    .take_while(|c| c.is_ascii_alphanumeric() || **c == '_')
                    .collect();
                if name.is_empty() {
                    return Err(("a parameter without a name", position));
                }
                at += name.len();
                (Kind::Name, name)
            }
            '(' => {
                let inside = group(&characters[at..], position)?;
                at += inside.chars().count() + 1;
                (Kind::Pattern, inside)
            }
            _ => (Kind::Char, character.to_string()),
        };
        tokens.push(Token { kind, text, position });
    }
    Ok(tokens)
}

/// The text up to the parenthesis that closes the group.
fn group(characters: &[char], position: usize) -> Result<String, SyntaxError> {
    if characters.first() == Some(&'?') {
        return Err(("a group that starts with ?", position));
    }
    let mut inside = String::new();
    let mut depth = 1;
    let mut rest = characters.iter().peekable();
    while let Some(&character) = rest.next() {
        match character {
            '\\' => {
                inside.push(character);
                inside.extend(rest.next());
                continue;
            }
            ')' => depth -= 1,
            '(' if rest.peek() != Some(&&'?') => return Err(("a group inside a group", position)),
            '(' => depth += 1,
            _ => {}
        }
        if depth == 0 {
            return if inside.is_empty() {
                Err(("an empty group", position))
            } else {
                Ok(inside)
            };
        }
        inside.push(character);
    }
    Err(("a group that is not closed", position))
}
