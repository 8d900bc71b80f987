//! Path patterns as path-to-regexp 6 reads them: `/orgs/:id`, `/orgs/:slug/(.*)`, `{/:part}?`.
//!
//! A pattern is compiled to a case-insensitive, anchored regular expression that accepts an optional `/`, `#`
//! or `?` at its end.

mod lexer;

use regex::escape;

use lexer::{Kind, SyntaxError, Token, tokenize};

/// The characters that end a segment.
const DELIMITERS: [char; 3] = ['/', '#', '?'];
const SEGMENT: &str = "[^/#?]+?";

/// A path pattern that cannot be compiled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// The pattern is malformed.
    #[error("{pattern:?}: {problem} at character {position}")]
    Syntax {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        problem: &'static str,
        /// Where, counted in characters.
        position: usize,
    },
    /// A regular expression in the pattern is invalid.
    #[error("{pattern:?}: {message}")]
    Regex {
        /// The pattern.
        pattern: String,
        /// What is wrong with the regular expression.
        message: String,
    },
}

/// A pattern as the source of a regular expression, with the name of each of its groups in order (`None` for
/// those without a name).
#[derive(Debug)]
pub(crate) struct PathPattern {
    pub(crate) source: String,
    pub(crate) groups: Vec<Option<String>>,
}

impl PathPattern {
    pub(crate) fn parse(pattern: &str) -> Result<Self, PatternError> {
        let syntax = |(problem, position)| PatternError::Syntax {
            pattern: pattern.to_owned(),
            problem,
            position,
        };
        let tokens = tokenize(pattern).map_err(syntax)?;
        let mut builder = Builder {
            tokens: &tokens,
            at: 0,
            previous: Previous::Nothing,
            source: "^".to_owned(),
            groups: Vec::new(),
        };
        builder.run().map_err(syntax)?;
        builder.source.push_str("[/#?]?$");
        Ok(Self {
            source: builder.source,
            groups: builder.groups,
        })
    }
}

/// What precedes the current piece: a parameter must not directly follow another.
enum Previous {
    Nothing,
    Text(String),
    Parameter,
}

struct Builder<'a> {
    tokens: &'a [Token],
    at: usize,
    previous: Previous,
    source: String,
    groups: Vec<Option<String>>,
}

struct Parameter {
    name: Option<String>,
    prefix: String,
    suffix: String,
    regex: Option<String>,
    position: usize,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<(), SyntaxError> {
        let mut text = String::new();
        while self.at < self.tokens.len() {
            let position = self.position();
            let character = self.take(Kind::Char);
            let name = self.take(Kind::Name);
            let regex = self.take(Kind::Pattern);
            if name.is_some() || regex.is_some() {
                let mut prefix = character.unwrap_or_default();
                if prefix != "/" && prefix != "." {
                    text.push_str(&prefix);
                    prefix.clear();
                }
                self.text(&mut text);
                self.parameter(Parameter {
                    name,
                    prefix,
                    suffix: String::new(),
                    regex,
                    position,
                })?;
            } else if let Some(character) = character.or_else(|| self.take(Kind::Escaped)) {
                text.push_str(&character);
            } else if self.take(Kind::Open).is_some() {
                self.text(&mut text);
                let prefix = self.literal();
                let name = self.take(Kind::Name);
                let regex = self.take(Kind::Pattern);
                let suffix = self.literal();
                if self.take(Kind::Close).is_none() {
                    return Err(("expected }", self.position()));
                }
                self.parameter(Parameter {
                    name,
                    prefix,
                    suffix,
                    regex,
                    position,
                })?;
            } else {
                return Err(("unexpected character", position));
            }
        }
        self.text(&mut text);
        Ok(())
    }

    fn text(&mut self, text: &mut String) {
        if !text.is_empty() {
            self.source.push_str(&escape(text));
            self.previous = Previous::Text(std::mem::take(text));
        }
    }

    fn parameter(&mut self, parameter: Parameter) -> Result<(), SyntaxError> {
        let Parameter {
            name,
            prefix,
            suffix,
            regex,
            position,
        } = parameter;
        let regex = match (&name, regex) {
            (Some(_), None) => Some(self.segment(&prefix, position)?),
            (_, regex) => regex,
        };
        let modifier = self.take(Kind::Modifier).unwrap_or_default();
        let repeats = matches!(modifier.as_str(), "*" | "+");
        let (before, after) = (escape(&prefix), escape(&suffix));
        let piece = match regex {
            None => format!("(?:{before}{after}){modifier}"),
            Some(regex) => {
                self.groups.push(name);
                match (prefix.is_empty() && suffix.is_empty(), repeats) {
                    (true, true) => return Err(("a repeated parameter needs a prefix or suffix", position)),
                    (true, false) => format!("({regex}){modifier}"),
                    (false, false) => format!("(?:{before}({regex}){after}){modifier}"),
                    (false, true) => {
                        let optional = if modifier == "*" { "?" } else { "" };
                        format!("(?:{before}((?:{regex})(?:{after}{before}(?:{regex}))*){after}){optional}")
                    }
                }
            }
        };
        self.source.push_str(&piece);
        self.previous = Previous::Parameter;
        Ok(())
    }

    /// The expression of a parameter without a regular expression: a segment, which also ends at the text
    /// that precedes the parameter.
    fn segment(&self, prefix: &str, position: usize) -> Result<String, SyntaxError> {
        let text = match &self.previous {
            _ if !prefix.is_empty() => prefix,
            Previous::Nothing => return Ok(SEGMENT.to_owned()),
            Previous::Text(text) => text,
            Previous::Parameter => return Err(("there must be text between two parameters", position)),
        };
        if text.contains(DELIMITERS) {
            return Ok(SEGMENT.to_owned());
        }
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => Ok(format!("[^/#?{}]+?", escape(&only.to_string()))),
            _ => Err((
                "give the parameter after this text a regular expression",
                position,
            )),
        }
    }

    fn literal(&mut self) -> String {
        let mut text = String::new();
        while let Some(character) = self.take(Kind::Char).or_else(|| self.take(Kind::Escaped)) {
            text.push_str(&character);
        }
        text
    }

    fn take(&mut self, kind: Kind) -> Option<String> {
        let token = self.tokens.get(self.at).filter(|token| token.kind == kind)?;
        self.at += 1;
        Some(token.text.clone())
    }

    fn position(&self) -> usize {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(0, |token| token.position)
    }
}
