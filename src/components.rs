//! The app's own pieces of UI.

mod api_check;
mod color_scheme_form;
mod decision;
mod decision_check;
mod devices;
mod footer;
mod header;
mod load_error;
mod placeholder;
mod session_card;

pub use api_check::ApiCheck;
pub use color_scheme_form::ColorSchemeForm;
pub use decision::Decision;
pub use decision_check::DecisionCheck;
pub use devices::Devices;
pub use footer::Footer;
pub use header::Header;
pub use load_error::LoadError;
pub use placeholder::Placeholder;
pub use session_card::SessionCard;
