//! The future of services that either call the service below or answer in its place.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use pin_project_lite::pin_project;

use crate::Rejection;

pin_project! {
    /// The future of [`ProtectService`](crate::ProtectService) and
    /// [`ProtectPathsService`](crate::ProtectPathsService).
    #[derive(Debug)]
    pub struct GuardFuture<F, R> {
        #[pin]
        state: State<F, R>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F, R> {
        Passed {
            #[pin]
            future: F,
        },
        Answered {
            response: Option<Response<R>>,
        },
    }
}

impl<F, R> GuardFuture<F, R> {
    /// The service below answers.
    pub(crate) const fn pass(future: F) -> Self {
        Self {
            state: State::Passed { future },
        }
    }

    /// The guard answers.
    pub(crate) const fn answer(response: Response<R>) -> Self {
        Self {
            state: State::Answered {
                response: Some(response),
            },
        }
    }

    /// The guard answers with a rejection, in a form that [`ClerkLayer`](crate::ClerkLayer) recognizes.
    pub(crate) fn reject(rejection: Rejection) -> Self
    where
        R: From<String>,
    {
        let mut response = rejection.response();
        response.extensions_mut().insert(rejection);
        Self::answer(response)
    }
}

impl<F, R, E> Future for GuardFuture<F, R>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        match self.project().state.project() {
            StateProjection::Passed { future } => Poll::Ready(ready!(future.poll(context))),
            StateProjection::Answered { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Polled again after completion, which the contract of `Future` forbids.
                None => Poll::Pending,
            },
        }
    }
}
