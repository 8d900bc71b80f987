//! Route definitions whose protected pages are built for signed-in visitors only.

use std::{
    borrow::Cow,
    pin::pin,
    task::{Context, Poll, Waker},
};

use clerk_auth::ProtectedPaths;
use leptos::prelude::*;
use leptos_router::{
    ChooseView, GeneratedRouteData, MatchInterface, MatchNestedRoutes, MatchParams, RouteMatchId,
};

use crate::store::Clerk;

/// Routes of which some are protected.
#[derive(Clone)]
pub(super) struct GuardedRoutes<Routes> {
    pub(super) routes: Routes,
    pub(super) paths: ProtectedPaths,
    pub(super) clerk: Clerk,
}

impl<Routes: MatchNestedRoutes> MatchNestedRoutes for GuardedRoutes<Routes> {
    type Data = Routes::Data;
    type Match = GuardedMatch<Routes::Match>;

    fn match_nested<'a>(&'a self, path: &'a str) -> (Option<(RouteMatchId, Self::Match)>, &'a str) {
        let (found, rest) = self.routes.match_nested(path);
        let guard = self.paths.contains(path).then_some(self.clerk);
        (found.map(|(id, found)| (id, GuardedMatch { found, guard })), rest)
    }

    fn generate_routes(&self) -> impl IntoIterator<Item = GeneratedRouteData> + '_ {
        self.routes.generate_routes()
    }

    fn optional(&self) -> bool {
        self.routes.optional()
    }
}

/// The route of a path, with the store for a path that is protected.
pub(super) struct GuardedMatch<Match> {
    found: Match,
    guard: Option<Clerk>,
}

impl<Match: MatchParams> MatchParams for GuardedMatch<Match> {
    fn to_params(&self) -> Vec<(Cow<'static, str>, String)> {
        self.found.to_params()
    }
}

impl<Match: MatchInterface> MatchInterface for GuardedMatch<Match> {
    type Child = Match::Child;

    fn as_id(&self) -> RouteMatchId {
        self.found.as_id()
    }

    fn as_matched(&self) -> &str {
        self.found.as_matched()
    }

    fn into_view_and_child(self) -> (impl ChooseView, Option<Self::Child>) {
        let (view, child) = self.found.into_view_and_child();
        let guard = self.guard;
        (GuardedView { view, guard }, child)
    }
}

#[derive(Clone)]
struct GuardedView<View> {
    view: View,
    guard: Option<Clerk>,
}

impl<View: ChooseView> ChooseView for GuardedView<View> {
    async fn choose(self) -> AnyView {
        let Some(clerk) = self.guard else {
            return self.view.choose().await;
        };
        let view = self.view;
        let is_signed_in = Memo::new(move |_| clerk.is_signed_in());
        let page = move || ready(view.clone().choose()).unwrap_or_else(|| ().into_any());
        (move || is_signed_in.get().then(&page)).into_any()
    }

    async fn preload(&self) {
        self.view.preload().await;
    }
}

/// The output of a future that is ready at once, as the views of all routes but lazy ones are.
fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
