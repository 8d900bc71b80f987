use leptos::prelude::*;
use leptos_clerk::{ClerkClient, ClerkServerError, ReverificationError, use_reverification};
use serde::{Deserialize, Serialize};

/// A browser or an app in which the user is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The ID of the session.
    pub session_id: String,
    /// What it is, such as `Chrome on Linux`.
    pub name: String,
    /// When and from where it was last used.
    pub last_active: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// Lists where the user is signed in: this device first, then the one that was used last.
#[server(endpoint = "devices", client = ClerkClient)]
pub async fn devices() -> Result<Vec<Device>, ClerkServerError> {
    crate::server::account::devices().await
}

/// Ends another session of the user. Needs a first factor that was verified within the last ten minutes.
#[server(endpoint = "devices/sign_out", client = ClerkClient)]
pub async fn sign_out_device(session_id: String) -> Result<(), ClerkServerError> {
    crate::server::account::sign_out_device(&session_id).await
}

/// The devices of the user, each but this one with a button that signs out there.
#[component]
pub fn Devices() -> impl IntoView {
    let list = Action::new(|(): &()| devices());
    let sign_out = use_reverification(sign_out_device);
    let sign_out = Action::new(move |id: &String| sign_out(id.clone()));
    // At first, and again after each change.
    Effect::new(move |_| {
        if !matches!(sign_out.value().get(), Some(Err(_))) {
            list.dispatch(());
        }
    });
    let row = move |device: Device| {
        let Device {
            session_id,
            name,
            last_active,
            is_current,
        } = device;
        let button = (!is_current).then(|| {
            let label = format!("Sign out there: {name}, {last_active}");
            view! {
                <button
                    type="button"
                    class="button"
                    aria-label=label
                    disabled=move || sign_out.pending().get()
                    on:click=move |_| {
                        sign_out.dispatch(session_id.clone());
                    }
                >
                    "Sign out there"
                </button>
            }
        });
        view! {
            <li>
                <div>
                    <strong>{name}</strong>
                    {is_current.then(|| view! { <span class="tag">"This device"</span> })}
                    <p>{last_active}</p>
                </div>
                {button}
            </li>
        }
    };
    let rows = move || match list.value().get() {
        Some(Ok(devices)) => devices.into_iter().map(row).collect_view(),
        _ => Vec::new(),
    };
    let outcome = move || match (sign_out.value().get(), list.value().get()) {
        (Some(Err(ReverificationError::Action(error))), _) | (_, Some(Err(error))) => error.to_string(),
        (Some(Ok(())), _) => "Signed out there.".to_owned(),
        (_, None) => "Looking them up…".to_owned(),
        _ => String::new(),
    };
    view! {
        <section class="card devices" aria-labelledby="devices-title">
            <h2 id="devices-title">"Your devices"</h2>
            <ul>{rows}</ul>
            <p role="status">{outcome}</p>
        </section>
    }
}
