//! The markup of the consent page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");

/// What the consent page shows.
pub(super) struct Consent<'a> {
    /// The name of the provider.
    pub(super) provider: &'a str,
    /// The origin of the app.
    pub(super) app: &'a str,
    pub(super) state: &'a str,
    pub(super) accounts: &'a [Account],
    /// What is wrong with the form that was submitted; empty if nothing is.
    pub(super) error: &'a str,
    pub(super) form: Form<'a>,
}

/// An account at the provider that has been used before.
pub(super) struct Account {
    pub(super) email_address: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) is_verified: bool,
}

/// What was typed into the form.
pub(super) struct Form<'a> {
    pub(super) email_address: &'a str,
    pub(super) first_name: &'a str,
    pub(super) last_name: &'a str,
}

pub(super) fn document(page: &Consent<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.provider) ": local emulation" }
                link rel="icon" href="logo.svg";
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        img src="logo.svg" alt="" width="40" height="40";
                        h1 { (page.provider) }
                        p { "The app at " strong { (page.app) } " asks who you are." }
                    }
                    p.notice {
                        strong { "This is neither Clerk nor a real provider." }
                        " The local Clerk emulates both on this machine. Sign in as anyone you like."
                    }
                    div.accounts { @for account in page.accounts { (account_form(page.state, account)) } }
                    (form(page))
                }
            }
        }
    }
}

fn form(page: &Consent<'_>) -> Markup {
    let form = &page.form;
    html! {
        form method="post" {
            input type="hidden" name="state" value=(page.state);
            p.problem role="alert" { (page.error) }
            label {
                "Email address "
                input name="email_address" type="email" autocomplete="off" required value=(form.email_address);
            }
            label {
                "The provider "
                select name="email_is" {
                    option value="verified" { "has verified the address" }
                    option value="unverified" { "has not verified the address" }
                    option value="private" { "does not tell the address" }
                }
            }
            div.names {
                label { "First name " input name="first_name" autocomplete="off" value=(form.first_name); }
                label { "Last name " input name="last_name" autocomplete="off" value=(form.last_name); }
            }
            div.decision {
                button.primary name="decision" value="allow" { "Allow" }
                button name="decision" value="deny" formnovalidate { "Deny" }
            }
        }
    }
}

/// A button that signs in with an account that has been used before.
fn account_form(state: &str, account: &Account) -> Markup {
    let email_is = if account.is_verified {
        "verified"
    } else {
        "unverified"
    };
    html! {
        form method="post" {
            input type="hidden" name="state" value=(state);
            input type="hidden" name="email_address" value=(account.email_address);
            input type="hidden" name="first_name" value=(account.first_name);
            input type="hidden" name="last_name" value=(account.last_name);
            input type="hidden" name="email_is" value=(email_is);
            button.account name="decision" value="allow" {
                strong { (account.first_name) " " (account.last_name) } " " (account.email_address)
            }
        }
    }
}
