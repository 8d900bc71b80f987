//! The keys of roles, permissions, features and plans, and the macros that declare them as types.

mod syntax;

use std::borrow::Cow;

#[doc(hidden)]
pub use syntax::{is_feature_or_plan, is_permission, is_role};

macro_rules! key {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&'static str> for $name {
            fn from(key: &'static str) -> Self {
                Self(Cow::Borrowed(key))
            }
        }

        impl From<String> for $name {
            fn from(key: String) -> Self {
                Self(Cow::Owned(key))
            }
        }

        impl From<Cow<'static, str>> for $name {
            fn from(key: Cow<'static, str>) -> Self {
                Self(key)
            }
        }
    };
}

key! {
    /// The key of a role, such as `org:admin`: a text, or a type that [`roles!`](crate::roles) declares.
    RoleKey
}
key! {
    /// The key of a permission, such as `org:posts:read`: a text, or a type that [`permissions!`](crate::permissions)
    /// declares.
    PermissionKey
}
key! {
    /// The key of a feature, such as `export` or `org:export`: a text, or a type that [`features!`](crate::features)
    /// declares.
    FeatureKey
}
key! {
    /// The key of a plan, such as `pro` or `user:pro`: a text, or a type that [`plans!`](crate::plans) declares.
    PlanKey
}

/// Declares the roles of an application as a type, so that a misspelt one does not compile: what the interface
/// `ClerkAuthorization` is in TypeScript. [`permissions!`](crate::permissions), [`features!`](crate::features) and
/// [`plans!`](crate::plans) do the same for theirs.
///
/// ```
/// use clerk_auth::AuthCheck;
///
/// clerk_auth::roles! {
///     /// The roles of this application's organizations.
///     pub enum Role {
///         /// May change everything.
///         Admin = "org:admin",
///         /// May read everything.
///         Member = "org:member",
///     }
/// }
///
/// assert_eq!(AuthCheck::role(Role::Admin), AuthCheck::role("org:admin"));
/// ```
///
/// A key that Clerk would not accept does not compile, and neither does a role where a plan is expected:
///
/// ```compile_fail
/// clerk_auth::roles! {
///     enum Role { Admin = "Admin" }
/// }
/// ```
///
/// ```compile_fail
/// # use clerk_auth::AuthCheck;
/// clerk_auth::roles! {
///     enum Role { Admin = "org:admin" }
/// }
/// let check = AuthCheck::plan(Role::Admin);
/// ```
#[macro_export]
macro_rules! roles {
    ($($declaration:tt)*) => {
        $crate::__keys! {
            RoleKey, is_role, "a role is `org:` and lower-case letters, digits, `_` or `-`, such as `org:admin`";
            $($declaration)*
        }
    };
}

/// Declares the permissions of an application as a type, as [`roles!`](crate::roles) does for roles.
///
/// ```
/// use clerk_auth::AuthCheck;
///
/// clerk_auth::permissions! {
///     pub enum Permission {
///         ReadPosts = "org:posts:read",
///         ManagePosts = "org:posts:manage",
///     }
/// }
///
/// let check = AuthCheck::permission(Permission::ManagePosts);
/// ```
#[macro_export]
macro_rules! permissions {
    ($($declaration:tt)*) => {
        $crate::__keys! {
            PermissionKey, is_permission, "a permission is `org:<feature>:<permission>`, such as `org:posts:read`";
            $($declaration)*
        }
    };
}

/// Declares the features of an application as a type, as [`roles!`](crate::roles) does for roles.
///
/// ```
/// use clerk_auth::AuthCheck;
///
/// clerk_auth::features! {
///     pub enum Feature {
///         Export = "export",
///         Audit = "org:audit-log",
///     }
/// }
///
/// let check = AuthCheck::feature(Feature::Export);
/// ```
#[macro_export]
macro_rules! features {
    ($($declaration:tt)*) => {
        $crate::__keys! {
            FeatureKey, is_feature_or_plan,
            "a feature is lower-case letters, digits, `_` or `-`, after `org:` or `user:` if it is that owner's";
            $($declaration)*
        }
    };
}

/// Declares the plans of an application as a type, as [`roles!`](crate::roles) does for roles.
///
/// ```
/// use clerk_auth::AuthCheck;
///
/// clerk_auth::plans! {
///     pub enum Plan {
///         Free = "free_user",
///         Pro = "user:pro",
///     }
/// }
///
/// let check = AuthCheck::signed_in().and_plan(Plan::Pro);
/// ```
#[macro_export]
macro_rules! plans {
    ($($declaration:tt)*) => {
        $crate::__keys! {
            PlanKey, is_feature_or_plan,
            "a plan is lower-case letters, digits, `_` or `-`, after `org:` or `user:` if it is that owner's";
            $($declaration)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __keys {
    (
        $key_type:ident, $is_valid:ident, $rule:literal;
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $key:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $visibility enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        const _: () = {
            $(assert!($crate::$is_valid($key), concat!("`", $key, "`: ", $rule));)+
        };

        impl ::core::convert::From<$name> for $crate::$key_type {
            fn from(key: $name) -> Self {
                Self::from(match key {
                    $($name::$variant => $key,)+
                })
            }
        }
    };
}
