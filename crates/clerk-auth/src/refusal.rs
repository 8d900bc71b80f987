//! [`Refusal`]: why code that renders a response has refused the caller.

use std::sync::{Arc, OnceLock};

use crate::check::Denied;

/// Carries a denial from the code that renders a response to the layer that sends it, in the extensions of the request.
/// Clones are one.
///
/// A page and a server function return their own errors, from which no layer can tell the status of the response. The
/// first denial counts.
///
/// ```
/// use clerk_auth::{Denied, Refusal};
///
/// let refusal = Refusal::default();
/// refusal.clone().refuse(Denied::Forbidden);
/// refusal.refuse(Denied::SignedOut);
/// assert_eq!(refusal.denied(), Some(Denied::Forbidden));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Refusal(Arc<OnceLock<Denied>>);

impl Refusal {
    /// Records why the caller is refused.
    pub fn refuse(&self, denied: Denied) {
        self.0.get_or_init(|| denied);
    }

    /// Why the caller was refused, if it was.
    #[must_use]
    pub fn denied(&self) -> Option<Denied> {
        self.0.get().copied()
    }
}
