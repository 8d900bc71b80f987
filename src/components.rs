//! The app's own pieces of UI.

mod api_check;
mod footer;
mod header;
mod protected;
mod session_card;

pub use api_check::ApiCheck;
pub use footer::Footer;
pub use header::Header;
pub use protected::Protected;
pub use session_card::SessionCard;
