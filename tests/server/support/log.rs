//! What the server logs.

use std::{
    cell::RefCell,
    io::{self, Write},
    mem,
    sync::Once,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::{MakeWriter, writer::OptionalWriter};

thread_local! {
    /// The text so far, and the least severe level that belongs to it, while this thread has a [`Log`].
    static LOG: RefCell<Option<(Level, Vec<u8>)>> = const { RefCell::new(None) };
}

/// What this thread logs from the start on.
pub(crate) struct Log(());

impl Log {
    /// The warnings and errors.
    pub(crate) fn start() -> Self {
        Self::at(Level::WARN)
    }

    /// Everything of this level, at least `INFO`, and of more severe ones.
    pub(crate) fn at(level: Level) -> Self {
        static SUBSCRIBER: Once = Once::new();
        // One for all threads: what a thread without one logs first would be turned off for all.
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(Level::INFO)
                .with_ansi(false)
                .with_writer(ThreadLog)
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        LOG.set(Some((level, Vec::new())));
        Self(())
    }

    pub(crate) fn stop(self) -> String {
        let (_, text) = LOG.take().unwrap();
        String::from_utf8(text).unwrap()
    }

    /// Returns the text so far, and continues with an empty one.
    pub(crate) fn take(&self) -> String {
        let text = LOG.with_borrow_mut(|log| mem::take(&mut log.as_mut().unwrap().1));
        String::from_utf8(text).unwrap()
    }
}

struct ThreadLog;

impl MakeWriter<'_> for ThreadLog {
    type Writer = OptionalWriter<Self>;

    fn make_writer(&self) -> Self::Writer {
        OptionalWriter::none()
    }

    fn make_writer_for(&self, metadata: &Metadata<'_>) -> Self::Writer {
        let is_wanted =
            LOG.with_borrow(|log| log.as_ref().is_some_and(|(level, _)| metadata.level() <= level));
        if is_wanted {
            OptionalWriter::some(Self)
        } else {
            OptionalWriter::none()
        }
    }
}

impl Write for ThreadLog {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| match log {
            Some((_, text)) => text.write(line),
            None => Ok(line.len()),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
