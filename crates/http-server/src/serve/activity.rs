//! Which requests of a connection are in progress.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::Version,
};
use hyper::body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

/// Counts the requests of a connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    begun: AtomicUsize,
    ended: AtomicUsize,
    http2: AtomicBool,
}

impl Activity {
    pub(super) fn begin(activity: &Arc<Self>, version: Version) -> InProgress {
        activity.begun.fetch_add(1, Relaxed);
        activity.http2.store(version == Version::HTTP_2, Relaxed);
        InProgress(Arc::clone(activity))
    }

    /// Returns how many requests have begun, and how many of them have ended.
    pub(super) fn counts(&self) -> (usize, usize) {
        // In this order no request seems to end before it begins.
        let ended = self.ended.load(Relaxed);
        (self.begun.load(Relaxed), ended)
    }

    /// Whether the requests so far came by HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        self.http2.load(Relaxed)
    }
}

/// A request in progress, until this is dropped.
#[derive(Debug)]
pub(super) struct InProgress(Arc<Activity>);

impl InProgress {
    /// Keeps the request in progress, and its permit, until its response has been handed to the connection.
    pub(super) const fn until_sent(self, body: Body, permit: Option<OwnedSemaphorePermit>) -> ResponseBody {
        ResponseBody {
            body,
            _until_sent: (self, permit),
        }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Relaxed);
    }
}

/// The body of a response, whose request is in progress as long as it exists.
#[derive(Debug)]
pub(super) struct ResponseBody {
    body: Body,
    _until_sent: (InProgress, Option<OwnedSemaphorePermit>),
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
