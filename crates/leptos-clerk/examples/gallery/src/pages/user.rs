use leptos::prelude::*;
use leptos_clerk::{Json, UserAvatar, UserButton, UserProfile};

use super::Loading;

pub fn button() -> AnyView {
    let (count, set_count) = signal(0);
    let (shows_name, set_shows_name) = signal(false);
    let raw = Json::reactive(move || if shows_name.get() { r#"{"showName":true}"# } else { "{}" });
    view! {
        <button on:click=move |_| set_shows_name.set(true)>"Show the name"</button>
        <UserButton raw fallback=Loading>
            <UserButton::MenuItems>
                <UserButton::Action
                    label="Count"
                    label_icon=|| "+"
                    on_click=move || set_count.update(|count| *count += 1)
                />
                <UserButton::Action label="Help" open="help" />
                <UserButton::Link label="Contents" href="/" />
            </UserButton::MenuItems>
            <UserButton::UserProfilePage label="Help" url="help">
                <Counter count />
            </UserButton::UserProfilePage>
            <UserButton::UserProfileLink label="Gallery" url="/" />
        </UserButton>
        <p>"Counted to " <output>{count}</output></p>
    }
    .into_any()
}

pub fn profile() -> AnyView {
    let (count, set_count) = signal(0);
    let (is_there, set_there) = signal(false);
    view! {
        <button on:click=move |_| set_count.update(|count| *count += 1)>"Count"</button>
        <p>"The page is " {move || if is_there.get() { "open" } else { "closed" }}</p>
        <UserProfile path="/user-profile" fallback=Loading>
            <UserProfile::Page label="Preferences" url="preferences" label_icon=|| "⚙">
                <Preferences count set_there />
            </UserProfile::Page>
            <UserProfile::Link label="Gallery" url="/" label_icon=|| "↗" />
            <UserProfile::Page label="security" />
        </UserProfile>
    }
    .into_any()
}

pub fn avatar() -> AnyView {
    view! { <UserAvatar rounded=false fallback=Loading /> }.into_any()
}

/// A page that says when it is there, and when it was cleaned up.
#[component]
fn Preferences(count: ReadSignal<i32>, set_there: WriteSignal<bool>) -> impl IntoView {
    set_there.set(true);
    on_cleanup(move || set_there.set(false));
    view! { <Counter count /> }
}

#[component]
fn Counter(count: ReadSignal<i32>) -> impl IntoView {
    view! { <p class="counter">"A view of Leptos, which counts to " {count}</p> }
}
