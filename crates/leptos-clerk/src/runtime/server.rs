//! The server renders empty places for Clerk's components, and loads nothing.

use leptos::{html::Div, prelude::NodeRef};

use super::{LoadSettings, Mounted};
use crate::store::Clerk;

pub(crate) fn start(_clerk: Clerk, _settings: LoadSettings) {}

pub(crate) fn mount(_clerk: Clerk, _component: Mounted, _place: NodeRef<Div>) {}
