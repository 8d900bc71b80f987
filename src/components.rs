//! The app's own pieces of UI.

mod footer;
mod header;
mod protected;
mod session_card;

pub use footer::Footer;
pub use header::Header;
pub use protected::Protected;
pub use session_card::SessionCard;
