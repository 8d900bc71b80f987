//! The further instances that an instance has started.

use std::{
    fmt,
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    error::{ApiError, ErrorKind},
    seed::Beginning,
};

/// How many further instances there may be at a time.
const CAPACITY: usize = 256;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Starts an instance.
pub(crate) type StartFurther = Box<dyn Fn(Beginning) -> BoxFuture<Result<Further, ApiError>> + Send + Sync>;

/// A running instance, which ends when this is dropped.
pub(crate) struct Further {
    pub(crate) id: String,
    /// The environment variables of an app that uses it.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// Ends it, when the requests in progress have been answered.
    pub(crate) stop: BoxFuture<()>,
}

pub(crate) struct Instances {
    start: StartFurther,
    running: Mutex<Vec<Further>>,
}

impl fmt::Debug for Instances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.lock().iter().map(|further| &further.id))
            .finish()
    }
}

impl Instances {
    pub(crate) fn new(start: StartFurther) -> Self {
        Self {
            start,
            running: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Further>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts an instance, and returns what `show` makes of it.
    pub(crate) async fn start<T>(
        &self,
        beginning: Beginning,
        show: impl FnOnce(&Further) -> T,
    ) -> Result<T, ApiError> {
        if self.lock().len() >= CAPACITY {
            let message =
                format!("There are {CAPACITY} instances already: delete those that are not needed.");
            return Err(ApiError::new(ErrorKind::Conflict, "too_many_instances", message));
        }
        let further = (self.start)(beginning).await?;
        let shown = show(&further);
        self.lock().push(further);
        Ok(shown)
    }

    /// Returns what `show` makes of each, oldest first.
    pub(crate) fn list<T>(&self, show: impl Fn(&Further) -> T) -> Vec<T> {
        self.lock().iter().map(show).collect()
    }

    /// Removes an instance from the list, to be stopped.
    pub(crate) fn take(&self, id: &str) -> Option<Further> {
        let mut running = self.lock();
        let position = running.iter().position(|further| further.id == id)?;
        Some(running.remove(position))
    }

    /// Removes all from the list.
    pub(crate) fn take_all(&self) -> Vec<Further> {
        std::mem::take(&mut *self.lock())
    }
}
