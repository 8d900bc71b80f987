//! The components by which an app declares custom items.

use leptos::{children::ViewFn, prelude::*};

use super::Item;

const PAGES: &str = "customPages";
const MENU: &str = "customMenuItems";

/// A page of the app in Clerk's profile: its children are shown inside of it, and are cleaned up when it is left.
///
/// Without `url` it moves the page of Clerk's own that `label` names, such as `account`, to this place.
#[component]
pub fn Page(
    /// The text in the profile's navigation.
    #[prop(into)]
    label: String,
    /// The path of the page, below that of the profile.
    #[prop(optional, into)]
    url: Option<String>,
    /// The icon beside the label. Default: none.
    #[prop(optional, into)]
    label_icon: Option<ViewFn>,
    /// What the page shows.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let mut item = Item::new(PAGES, label);
    if let Some(url) = url {
        item.target = Some(("url", url));
        item.icon = label_icon;
        item.page = Some(match children {
            Some(children) => ViewFn::from(move || children()),
            None => ViewFn::from(|| ()),
        });
    }
    item.register();
}

/// A link in the navigation of Clerk's profile.
#[component]
pub fn Link(
    /// The text in the profile's navigation.
    #[prop(into)]
    label: String,
    /// Where it leads.
    #[prop(into)]
    url: String,
    /// The icon beside the label. Default: none.
    #[prop(optional, into)]
    label_icon: Option<ViewFn>,
) -> impl IntoView {
    let mut item = Item::new(PAGES, label);
    item.target = Some(("url", url));
    item.icon = label_icon;
    item.register();
}

/// Groups the items of the user button's menu, as in `@clerk/react`.
#[component]
pub fn MenuItems<C: IntoView>(children: TypedChildren<C>) -> impl IntoView {
    drop(children.into_inner()());
}

/// An item of the user button's menu that runs code or opens a page of the profile.
///
/// With neither it moves the item of Clerk's own that `label` names, `manageAccount` or `signOut`, to this place.
#[component]
pub fn Action(
    /// The text of the item.
    #[prop(into)]
    label: String,
    /// The icon beside the label. Default: none.
    #[prop(optional, into)]
    label_icon: Option<ViewFn>,
    /// What a click runs.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
    /// The `url` of the profile's page that a click opens, unless there is `on_click`.
    #[prop(optional, into)]
    open: Option<String>,
) -> impl IntoView {
    let mut item = Item::new(MENU, label);
    item.icon = label_icon;
    item.on_click = on_click;
    item.target = open
        .filter(|_| on_click.is_none())
        .map(|page| ("open", ["/", page.trim_start_matches('/')].concat()));
    item.register();
}

/// An item of the user button's menu that leads to another page.
#[component]
pub fn MenuLink(
    /// The text of the item.
    #[prop(into)]
    label: String,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The icon beside the label. Default: none.
    #[prop(optional, into)]
    label_icon: Option<ViewFn>,
) -> impl IntoView {
    let mut item = Item::new(MENU, label);
    item.target = Some(("href", href));
    item.icon = label_icon;
    item.register();
}
