use leptos::{prelude::*, task::spawn_local};
use leptos_clerk::{ClerkClient, ClerkServerError, use_clerk, use_user};

use crate::preferences::{COLOR_SCHEMES, DEFAULT_GREETING, MAX_GREETING, color_scheme, greeting};

/// Saves how the user wants to see the app. An empty greeting is the default.
#[server(endpoint = "preferences", client = ClerkClient)]
pub async fn save_preferences(color_scheme: String, greeting: String) -> Result<(), ClerkServerError> {
    crate::server::account::save_preferences(&color_scheme, &greeting).await
}

/// What a user has entered and not saved yet. It survives that the user has to sign in in between, which leads to another page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draft(RwSignal<Entered>);

#[derive(Clone, Debug, Default)]
struct Entered {
    user_id: Option<String>,
    color_scheme: Option<String>,
    greeting: Option<String>,
}

/// A form with the preferences of the user, which works without JavaScript too.
#[component]
pub fn PreferencesForm() -> impl IntoView {
    let clerk = use_clerk();
    let user = use_user();
    let Draft(draft) = expect_context();
    let save = ServerAction::<SavePreferences>::new();
    let user_id = move || user.with(|user| user.as_ref().map(|user| user.id.clone()));
    // What somebody else has entered in this browser is not shown.
    let entered = move |field: fn(&Entered) -> Option<String>| {
        draft.with(|entered| {
            if entered.user_id == user_id() {
                field(entered)
            } else {
                None
            }
        })
    };
    let enter = move |change: &dyn Fn(&mut Entered)| {
        let user_id = user_id();
        draft.update(|entered| {
            if entered.user_id != user_id {
                *entered = Entered {
                    user_id,
                    ..Entered::default()
                };
            }
            change(entered);
        });
    };
    Effect::new(move |_| {
        if let Some(Ok(())) = save.value().get() {
            draft.set(Entered::default());
            spawn_local(async move {
                // The server has saved it in any case.
                let _ = clerk.reload_user().await;
            });
        }
    });
    let scheme = move || {
        entered(|entered| entered.color_scheme.clone()).unwrap_or_else(|| {
            user.with(|user| {
                user.as_ref()
                    .and_then(color_scheme)
                    .unwrap_or("system")
                    .to_owned()
            })
        })
    };
    let own_greeting = move || {
        entered(|entered| entered.greeting.clone())
            .or_else(|| user.with(|user| user.as_ref().and_then(greeting).map(str::to_owned)))
    };
    let options = COLOR_SCHEMES.map(|(name, label)| {
        view! { <option value=name selected=move || scheme() == name>{label}</option> }
    });
    let is_signed_out = move || matches!(save.value().get(), Some(Err(ClerkServerError::SignedOut)));
    let outcome = move || match save.value().get() {
        None => String::new(),
        Some(Ok(())) => "Saved.".to_owned(),
        Some(Err(ClerkServerError::SignedOut)) => {
            "You are not signed in any more. Sign in, then save again; what you have entered stays here."
                .to_owned()
        }
        Some(Err(error)) => error.to_string(),
    };
    view! {
        <section class="card preferences" aria-labelledby="preferences-title">
            <h2 id="preferences-title">"Preferences"</h2>
            <ActionForm action=save>
                <label>
                    "Colours"
                    <select
                        name="color_scheme"
                        on:change:target=move |event| {
                            let value = event.target().value();
                            enter(&|entered| entered.color_scheme = Some(value.clone()));
                        }
                    >
                        {options}
                    </select>
                </label>
                <label>
                    "Greeting"
                    <input
                        name="greeting"
                        maxlength=MAX_GREETING.to_string()
                        placeholder=DEFAULT_GREETING
                        autocomplete="off"
                        value=own_greeting
                        on:input:target=move |event| {
                            let value = event.target().value();
                            enter(&|entered| entered.greeting = Some(value.clone()));
                        }
                    />
                </label>
                <button class="button primary" disabled=move || save.pending().get()>
                    "Save"
                </button>
            </ActionForm>
            <p role="status">
                {outcome}
                <a
                    href="/sign-in?redirect_url=%2Fprofile"
                    target="_blank"
                    hidden=move || !is_signed_out()
                >
                    "Sign in, in a new tab"
                </a>
            </p>
        </section>
    }
}
