//! The markup of the page around its tables.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::html::table;

const STYLE: &str = include_str!("page.css");

/// What the page shows; lists are rows of their tables.
pub(super) struct Page<'a> {
    /// The kind of instance.
    pub(super) instance: &'a str,
    /// The URL of the app.
    pub(super) app: &'a str,
    /// What is wrong with the settings that were submitted; empty if nothing is.
    pub(super) error: &'a str,
    pub(super) users: Rows,
    /// What is wrong with their sessions.
    pub(super) warnings: Markup,
    pub(super) passwords: Markup,
    pub(super) messages: Rows,
    pub(super) organizations: Rows,
    pub(super) endpoints: Markup,
    pub(super) deliveries: Rows,
    pub(super) keys: Markup,
    /// The environment of an app, as the text of a `.env` file.
    pub(super) environment: &'a str,
    /// The fields of the settings form.
    pub(super) settings: Markup,
}

/// The rows of a table, how many they are, and of how many.
pub(super) struct Rows {
    pub(super) count: usize,
    pub(super) total: usize,
    pub(super) rows: Markup,
}

/// Says how many rows are missing in a table.
fn cut(rows: &Rows) -> Markup {
    html! {
        @if rows.count < rows.total { p { "The " (rows.count) " latest of " (rows.total) "." } }
    }
}

pub(super) fn document(page: &Page<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Local Clerk" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
                script src="/page.js" defer {}
            }
            body {
                (header(page))
                main {
                    (users(page))
                    (mailbox(page))
                    (organizations(page))
                    (webhooks(page))
                    (keys(page))
                    (settings(page))
                    (reset())
                }
            }
        }
    }
}

fn header(page: &Page<'_>) -> Markup {
    html! {
        header {
            div {
                h1 { "Local Clerk " span { (page.instance) " instance" } }
                p {
                    strong { "This is not Clerk." }
                    " It emulates Clerk on this machine, for development and tests. It sends no messages, and nothing "
                    "is ever charged."
                }
            }
            nav {
                a href="#users" { "Users" }
                a href="#mailbox" { "Mailbox" }
                a href="#organizations" { "Organizations" }
                a href="#webhooks" { "Webhooks" }
                a href="#keys" { "Keys" }
                a href="#settings" { "Settings" }
                a.app href=(page.app) { "Open the app" }
            }
        }
    }
}

fn users(page: &Page<'_>) -> Markup {
    html! {
        section #users {
            h2 { "Users " span { (page.users.total) } }
            (cut(&page.users))
            (page.warnings)
            (table(&["Name", "Identifier", "Plan", "Last sign-in", ""], &page.users.rows))
            details {
                summary { "Passwords in the seed file" }
                (table(&["Identifier", "Password"], &page.passwords))
            }
        }
    }
}

fn mailbox(page: &Page<'_>) -> Markup {
    html! {
        section #mailbox {
            h2 { "Mailbox " span { (page.messages.count) } }
            p {
                "The e-mails and text messages that Clerk would have sent, newest first. The code is always "
                code { "424242" } "."
            }
            (table(&["To", "Subject", "Sent", "Code or link"], &page.messages.rows))
        }
    }
}

fn organizations(page: &Page<'_>) -> Markup {
    html! {
        section #organizations {
            h2 { "Organizations " span { (page.organizations.total) } }
            (cut(&page.organizations))
            (table(&["Name", "Slug", "Members"], &page.organizations.rows))
        }
    }
}

fn webhooks(page: &Page<'_>) -> Markup {
    html! {
        section #webhooks {
            h2 { "Webhooks " span { (page.deliveries.count) } }
            (table(&["Endpoint", "Events", ""], &page.endpoints))
            p { "The latest events, newest first." }
            (table(&["Event", "Created", "Status", "Attempts", ""], &page.deliveries.rows))
        }
    }
}

fn keys(page: &Page<'_>) -> Markup {
    html! {
        section #keys {
            h2 { "Keys" }
            p { "Set these variables in another app on this machine to use this local Clerk." }
            (table(&[], &page.keys))
            details {
                summary { "All of them as a .env file" }
                pre #environment { (page.environment) }
                button type="button" data-copy-of="environment" { "Copy" }
            }
        }
    }
}

fn settings(page: &Page<'_>) -> Markup {
    html! {
        section #settings {
            h2 { "Settings" }
            p {
                "They apply immediately to the sign-in and sign-up forms and to everything else. A reset restores the "
                "settings of the seed file."
            }
            p.problem role="alert" { (page.error) }
            form.settings method="post" action="/settings" {
                (page.settings)
                button { "Save settings" }
            }
        }
    }
}

fn reset() -> Markup {
    html! {
        section #reset {
            h2 { "Reset" }
            p {
                "Deletes all users, sessions, organizations, messages and settings, and applies the seed file again. The "
                "keys are kept."
            }
            details {
                summary { "Delete everything …" }
                form method="post" action="/reset" { button.danger { "Yes, delete everything" } }
            }
        }
    }
}
