//! How Clerk's components are declared.

/// Declares a component that Clerk mounts: its function, and the builder of its props that `view!` calls.
///
/// Leptos's own macro stores every prop, set or not, and moves all of them through the component, which an app pays for in
/// bytes of WebAssembly. Here a prop is a method, and one that an app does not call leaves no trace.
macro_rules! clerk_component {
    (
        $(#[$docs:meta])*
        $name:ident($props:ident) at $element:literal, documented at $page:literal $(, default path $default:ident)?;
        $($(#[$prop_docs:meta])* $prop:ident: $kind:ident $(($($argument:tt)*))?;)*
    ) => {
        $(#[$docs])*
        #[allow(non_snake_case, reason = "a component")]
        #[allow(unused_mut, reason = "only some have a default path")]
        pub fn $name(mut props: $props) -> impl ::leptos::prelude::IntoView {
            $(props.props.default_routing(&$crate::store::use_clerk().options().$default);)?
            $crate::mount::mount(
                $crate::runtime::Mounted {
                    name: stringify!($name),
                    element: $element,
                    props: props.props,
                },
                props.fallback,
            )
        }

        #[doc = concat!("The props of [`", stringify!($name), "`](fn@", stringify!($name), "), which are all optional.")]
        #[derive(Default)]
        #[must_use]
        pub struct $props {
            props: $crate::props::Props,
            fallback: ::leptos::children::ViewFn,
        }

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
            $($crate::components::declare::clerk_prop! {
                $(#[$prop_docs])* $prop: $kind $(($($argument)*))?
            })*

            /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) of this
            /// component, as JSON.
            pub fn appearance(mut self, json: impl Into<$crate::Json>) -> Self {
                self.props.json("appearance", json.into());
                self
            }

            #[doc = concat!(
                "Further properties of [Clerk's component](https://clerk.com/docs/reference/components/", $page,
                "). Those of the other methods win over it.",
            )]
            pub fn raw(mut self, json: impl Into<$crate::Json>) -> Self {
                self.props.raw(json.into());
                self
            }

            /// What to show until Clerk's component is there, and where it cannot be. Default: nothing.
            pub fn fallback(mut self, view: impl Into<::leptos::children::ViewFn>) -> Self {
                self.fallback = view.into();
                self
            }

            /// The end of the builder, which `view!` calls.
            pub fn build(self) -> Self {
                self
            }
        }
    };
}

/// Declares a prop of the kind that [`clerk_component`] names, with its name in clerk-js.
macro_rules! clerk_prop {
    ($(#[$docs:meta])* $prop:ident: text($name:literal)) => {
        $(#[$docs])*
        pub fn $prop(mut self, value: impl Into<String>) -> Self {
            self.props.text($name, Some(value.into()));
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: flag($name:literal)) => {
        $(#[$docs])*
        pub fn $prop(mut self, value: bool) -> Self {
            self.props.flag($name, Some(value));
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: number($name:literal)) => {
        $(#[$docs])*
        pub fn $prop(mut self, value: u32) -> Self {
            self.props.number($name, Some(value));
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: json($name:literal)) => {
        $(#[$docs])*
        pub fn $prop(mut self, json: impl Into<$crate::Json>) -> Self {
            self.props.json($name, json.into());
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: word($name:literal, $choice:ident)) => {
        $(#[$docs])*
        pub fn $prop(mut self, choice: $crate::$choice) -> Self {
            self.props.word($name, Some(choice.as_str()));
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: initial_values) => {
        $(#[$docs])*
        pub fn $prop(mut self, values: $crate::InitialValues) -> Self {
            values.set(&mut self.props);
            self
        }
    };
    // A page of the app, in place of a dialog.
    ($(#[$docs:meta])* $prop:ident: page($mode:literal, $name:literal)) => {
        $(#[$docs])*
        pub fn $prop(mut self, url: impl Into<String>) -> Self {
            self.props.word($mode, Some("navigation"));
            self.props.text($name, Some(url.into()));
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: path) => {
        $(#[$docs])*
        pub fn $prop(mut self, path: impl Into<String>) -> Self {
            self.props.routing(path.into());
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: organization) => {
        $(#[$docs])*
        pub fn $prop(mut self, is_organization: bool) -> Self {
            self.props.word("for", is_organization.then_some("organization"));
            self
        }
    };
    ($(#[$docs:meta])* $prop:ident: items($profile:expr)) => {
        $(#[$docs])*
        pub fn $prop(mut self, items: $crate::CustomItems) -> Self {
            self.props.items(items, $profile);
            self
        }
    };
}

pub(super) use {clerk_component, clerk_prop};
