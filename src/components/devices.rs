use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_clerk::{LoadStatus, ReverificationError, use_clerk, use_reverification};

use crate::{
    account::ListDevices,
    api_client::{self, Form},
};

/// Lists the devices on which the user is signed in, and signs them out. The page does not wait for the list, which the server
/// renders.
#[component]
pub fn Devices() -> impl IntoView {
    let clerk = use_clerk();
    let list = RwSignal::new(String::new());
    let outcome = RwSignal::new(String::new());
    let load = move || async move {
        match api_client::text(clerk, ListDevices::url()).await {
            Ok(html) => list.set(html),
            Err(error) => outcome.set(error.to_string()),
        }
    };
    Effect::new(move || {
        if clerk.status() == LoadStatus::Ready {
            spawn_local(load());
        }
    });
    let send = use_reverification(move |form| api_client::submit(clerk, form));
    // The forms are in the list, and their events bubble.
    let sign_out = move |event: SubmitEvent| {
        let sent = send(Form::of(&event));
        spawn_local(async move {
            match sent.await {
                Ok(()) => outcome.set("Signed out there.".to_owned()),
                Err(ReverificationError::Cancelled) => return,
                Err(error) => outcome.set(error.to_string()),
            }
            load().await;
        });
    };
    view! {
        <section class="card account-card devices" aria-labelledby="devices-title" on:submit=sign_out>
            <h2 id="devices-title">"Devices"</h2>
            <p role="status">{outcome}</p>
            <div class="device-list" inner_html=list></div>
        </section>
    }
}
