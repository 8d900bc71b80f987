//! Loading clerk-js: waiting for its scripts, then `Clerk.load`.

use leptos::prelude::GetValue;
use leptos_router::NavigateOptions;
use wasm_bindgen::closure::Closure;

use super::{LoadSettings, events::follow, load_options::load_options, script_tags};
use crate::{
    clerk_js::{
        bindings::{self, Resources},
        browser::describe,
    },
    store::Clerk,
};

/// Brings clerk-js up and has the store follow it.
///
/// # Errors
///
/// What went wrong, for the console.
pub(super) async fn load<N>(
    clerk: Clerk,
    attempt: u32,
    settings: LoadSettings,
    navigate: N,
) -> Result<(), String>
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    let options = clerk.options.get_value();
    script_tags::run(attempt, &options).await;
    let (Some(js), Some(ui)) = (bindings::clerk(), bindings::clerk_ui()) else {
        return Err("its scripts did not load".to_owned());
    };
    let options = load_options(&options, &settings, ui, navigate);
    js.load(&options).await.map_err(|error| describe(&error))?;
    let listener = Closure::<dyn Fn(Resources)>::new(move |resources| follow(clerk, &resources));
    js.add_listener(&listener).map_err(|error| describe(&error))?;
    // The listener stays for the life of the page.
    listener.forget();
    Ok(())
}
