//! Protected paths in the browser's navigation.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(any(feature = "_browser", test))]
mod location;
#[cfg(not(feature = "_browser"))]
mod server;

#[cfg(feature = "_browser")]
pub(crate) use browser::protect;
#[cfg(not(feature = "_browser"))]
pub(crate) use server::protect;
