//! A connection that fails once its client keeps the server waiting for too long.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Duration, Instant, Sleep, sleep},
};

use super::activity::Activity;
use crate::Limits;

/// What a connection waits for. The numbers tell one wait from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// The rest of a request head, or the first request.
    Head(usize),
    /// The next request.
    KeepAlive(usize),
    /// Requests in progress: how many have begun and ended.
    Progress(usize, usize),
    /// The client, to read what was sent.
    Write(usize),
}

impl Wait {
    const fn limit(self, limits: &Limits) -> Duration {
        match self {
            Self::Head(_) => limits.head,
            Self::KeepAlive(_) => limits.keep_alive,
            Self::Progress(..) => limits.progress,
            Self::Write(_) => limits.write,
        }
    }
}

/// A TCP stream with one timer. Whenever hyper can neither read nor write, the limit of what it waits for applies.
#[derive(Debug)]
pub(super) struct TimedStream {
    stream: TcpStream,
    activity: Arc<Activity>,
    limits: Arc<Limits>,
    /// The number of requests before the one whose head has arrived in part.
    partial_head: Option<usize>,
    /// How often the client had to be waited for until it could be sent more, and whether it is waited for now.
    writes: usize,
    is_write_blocked: bool,
    wait: Wait,
    deadline: Instant,
    /// Fires at the deadline or before: it is not set again for every request.
    timer: Pin<Box<Sleep>>,
}

impl TimedStream {
    pub(super) fn new(stream: TcpStream, activity: Arc<Activity>, limits: Arc<Limits>) -> Self {
        let timer = Box::pin(sleep(limits.head));
        Self {
            stream,
            activity,
            limits,
            partial_head: None,
            writes: 0,
            is_write_blocked: false,
            wait: Wait::Head(0),
            deadline: timer.deadline(),
            timer,
        }
    }

    fn wait(&self) -> Wait {
        let (begun, ended) = self.activity.counts();
        if self.is_write_blocked {
            Wait::Write(self.writes)
        } else if begun != ended {
            Wait::Progress(begun, ended)
        } else if begun == 0 || self.partial_head == Some(begun) {
            Wait::Head(begun)
        } else {
            Wait::KeepAlive(begun)
        }
    }

    /// Fails once the limit of the current wait has passed.
    fn poll_limit<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let wait = self.wait();
        if wait != self.wait {
            self.wait = wait;
            self.deadline = Instant::now() + wait.limit(&self.limits);
            if self.deadline < self.timer.deadline() {
                self.timer.as_mut().reset(self.deadline);
            }
        }
        loop {
            ready!(self.timer.as_mut().poll(context));
            if self.timer.deadline() >= self.deadline {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.timer.as_mut().reset(self.deadline);
        }
    }

    fn after_write(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        self.writes += usize::from(self.is_write_blocked && written.is_ready());
        self.is_write_blocked = written.is_pending();
        if self.is_write_blocked {
            return self.poll_limit(context);
        }
        written
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_pending() {
            return self.poll_limit(context);
        }
        let (begun, ended) = self.activity.counts();
        // Between requests, HTTP/2 also receives replies to pings.
        if begun == ended && !self.activity.is_http2() {
            self.partial_head = Some(begun);
        }
        read
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, data);
        self.after_write(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, data);
        self.after_write(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
