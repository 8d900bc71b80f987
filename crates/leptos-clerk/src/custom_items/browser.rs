//! Custom items as objects with the functions that Clerk calls to show and to remove them.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Object, Reflect};
use leptos::{
    children::ViewFn,
    mount::{UnmountHandle, mount_to},
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::HtmlElement;

use super::Item;
use crate::clerk_js::browser::set;

/// Adds the items to the properties of a component, those of a profile to the property with this name.
pub(crate) type Apply = Box<dyn Fn(&Object, Option<&'static str>) + Send + Sync>;

/// The items belong to the owner, in whose context their views run.
pub(super) fn apply(owner: Owner, items: Vec<Item>) -> Apply {
    Box::new(move |props, profile| {
        for item in &items {
            match profile.filter(|_| item.list == "customPages") {
                Some(profile) => push(&child::<Object>(props, profile), item, &owner),
                None => push(props, item, &owner),
            }
        }
    })
}

fn push(props: &Object, item: &Item, owner: &Owner) {
    child::<Array>(props, item.list).push(&object(item, owner));
}

/// The value of a property, which is created where it is missing.
fn child<T: JsCast + Default + Into<JsValue> + Clone>(object: &Object, name: &str) -> T {
    let value = Reflect::get(object, &name.into()).ok();
    value.and_then(|value| value.dyn_into().ok()).unwrap_or_else(|| {
        let value = T::default();
        set(object, name, value.clone());
        value
    })
}

/// An item without a target and a page moves the one of Clerk's own that has its label.
fn object(item: &Item, owner: &Owner) -> Object {
    let object = Object::new();
    set(&object, "label", item.label.as_str());
    let is_own = item.target.is_some() || item.on_click.is_some();
    if let Some((name, target)) = &item.target {
        set(&object, name, target.as_str());
    }
    if let Some(on_click) = item.on_click {
        let function = Closure::<dyn Fn()>::new(move || {
            on_click.try_run(());
        });
        set(&object, "onClick", function.into_js_value());
    }
    if is_own {
        let icon = item.icon.clone().unwrap_or_else(|| ViewFn::from(|| ()));
        add_view(&object, ["mountIcon", "unmountIcon"], icon, owner);
    }
    if let Some(page) = &item.page {
        add_view(&object, ["mount", "unmount"], page.clone(), owner);
    }
    object
}

/// A view in an element of Clerk's. It is removed, and its reactive owner cleaned up, when the handle is dropped.
type Mounted = (HtmlElement, UnmountHandle<<AnyView as Render>::State>);

/// Adds the two functions by which Clerk shows a view in an element, and removes it again.
fn add_view(object: &Object, [mount, unmount]: [&str; 2], view: ViewFn, owner: &Owner) {
    let owner = owner.clone();
    let mounted = Rc::new(RefCell::new(Vec::<Mounted>::new()));
    let added = Rc::clone(&mounted);
    let function = Closure::<dyn Fn(HtmlElement)>::new(move |element: HtmlElement| {
        let view = view.clone();
        let handle = owner.with(|| mount_to(element.clone(), move || view.run()));
        added.borrow_mut().push((element, handle));
    });
    set(object, mount, function.into_js_value());
    let function = Closure::<dyn Fn(JsValue)>::new(move |element: JsValue| {
        // Dropped after the borrow ends: a cleanup may lead back to here.
        let mut removed = mounted.take();
        let kept = removed.extract_if(.., |(place, _)| {
            let place: &JsValue = place.as_ref();
            !element.is_falsy() && *place != element
        });
        mounted.borrow_mut().extend(kept);
        drop(removed);
    });
    set(object, unmount, function.into_js_value());
}
