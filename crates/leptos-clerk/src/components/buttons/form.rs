//! What the links to the two forms have in common.

use leptos::prelude::*;

use super::ButtonMode;
use crate::{
    components::InitialValues,
    form_url::{Form, FormUrl, Parameters},
    props::Props,
    store::use_clerk,
};

/// The props of a link to a form.
#[derive(Default)]
pub(super) struct FormLink {
    pub(super) mode: ButtonMode,
    pub(super) class: String,
    /// What the page of the form is told.
    pub(super) parameters: Parameters,
    /// What the dialog is told.
    pub(super) dialog: Props,
    pub(super) children: Option<Children>,
}

impl FormLink {
    /// Tells both, by the name in the query and the one in clerk-js.
    pub(super) fn redirect(&mut self, parameter: &'static str, name: &'static str, url: String) {
        self.parameters.add(parameter, &url);
        self.dialog.text(name, Some(url));
    }

    pub(super) fn initial_values(&mut self, values: InitialValues) {
        self.parameters.add_values(values.clone());
        values.set(&mut self.dialog);
    }

    /// Renders a link to the form, which opens a dialog instead in that mode, by the method of clerk-js.
    pub(super) fn render(self, form: Form, method: &'static str, text: &'static str) -> impl IntoView {
        let clerk = use_clerk();
        let url = FormUrl::new(form, self.parameters);
        let (mode, dialog) = (self.mode, self.dialog);
        view! {
            <a
                class=self.class
                href=move || url.link()
                on:click=move |event| {
                    if mode == ButtonMode::Modal && clerk.open(method, &dialog) {
                        event.prevent_default();
                    }
                }
            >
                {self.children.map_or_else(|| text.into_any(), |children| children())}
            </a>
        }
    }
}

/// Declares the link to one of the forms, and the builder of its props that `view!` calls, for the reason that
/// [`clerk_component`](crate::components::declare) has.
macro_rules! form_button {
    (
        $(#[$docs:meta])*
        $name:ident($props:ident) to $form:ident by $method:literal, $text:literal;
        $($(#[$prop_docs:meta])* $prop:ident: $parameter:literal, $key:literal;)*
    ) => {
        $(#[$docs])*
        #[allow(non_snake_case, reason = "a component")]
        pub fn $name(props: $props) -> impl ::leptos::prelude::IntoView {
            props.0.render($crate::form_url::Form::$form, $method, $text)
        }

        #[doc = concat!("The props of [`", stringify!($name), "`], which are all optional.")]
        #[derive(Default)]
        #[must_use]
        pub struct $props(super::form::FormLink);

        impl ::std::fmt::Debug for $props {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($props)).finish_non_exhaustive()
            }
        }

        impl ::leptos::component::Props for $props {
            type Builder = Self;

            fn builder() -> Self {
                Self::default()
            }
        }

        impl $props {
            /// What a click does. Default: go to the page of the form.
            pub fn mode(mut self, mode: super::ButtonMode) -> Self {
                self.0.mode = mode;
                self
            }

            /// The CSS classes of the link.
            pub fn class(mut self, class: impl Into<String>) -> Self {
                self.0.class = class.into();
                self
            }

            $(
                $(#[$prop_docs])*
                pub fn $prop(mut self, url: impl Into<String>) -> Self {
                    self.0.redirect($parameter, $key, url.into());
                    self
                }
            )*

            /// What the form is filled in with.
            pub fn initial_values(mut self, values: $crate::InitialValues) -> Self {
                self.0.initial_values(values);
                self
            }

            /// Whether social connections in the dialog leave the page or open a window.
            pub fn oauth_flow(mut self, flow: $crate::OAuthFlow) -> Self {
                self.0.dialog.word("oauthFlow", Some(flow.as_str()));
                self
            }

            /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of the
            /// dialog, as JSON.
            pub fn appearance(mut self, json: impl Into<$crate::Json>) -> Self {
                self.0.dialog.json("appearance", json.into());
                self
            }

            /// Further properties of the dialog. Those of the other methods win over it.
            pub fn raw(mut self, json: impl Into<$crate::Json>) -> Self {
                self.0.dialog.raw(json.into());
                self
            }

            /// The content of the link.
            pub fn children(mut self, children: ::leptos::prelude::Children) -> Self {
                self.0.children = Some(children);
                self
            }

            /// The end of the builder, which `view!` calls.
            pub fn build(self) -> Self {
                self
            }
        }
    };
}

pub(super) use form_button;
