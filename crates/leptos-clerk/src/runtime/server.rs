//! The server renders empty places for Clerk's components, and loads nothing.

use leptos::{
    html::Div,
    prelude::{NodeRef, RwSignal},
};

use super::{LoadSettings, Mounted};
use crate::store::Clerk;

pub(crate) fn start(_clerk: Clerk, _settings: LoadSettings) {}

pub(crate) fn mount(_clerk: Clerk, _component: Mounted, _place: NodeRef<Div>, _is_empty: RwSignal<bool>) {}

pub(crate) fn follow_user(_clerk: Clerk) {}

pub(crate) fn when_loaded(_clerk: Clerk, _run: impl Fn() + 'static) {}

/// The properties of a component, for the inline script.
pub(crate) fn server_props(component: &Mounted) -> Option<String> {
    component.props.to_json()
}
