//! The plans that an instance offers, kept for pages that show them.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use clerk_auth::{
    Clerk,
    api::{ApiError, BillingPayerType, BillingPlan, ListBillingPlans},
};
use tokio::time::{sleep, timeout};

/// How long all attempts of a call may take together.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most plans that the Backend API lists at once.
const LIMIT: i64 = 500;

/// The plans for users that pricing tables show, kept in memory, for pages that are rendered on the server.
///
/// Reading them never causes a call, so that visitors cannot: [`keep_fresh`](Self::keep_fresh) fetches them in the
/// background, every five minutes, or a minute after a failure. Until the first success there are none, and later failures
/// leave those of the last success.
///
/// ```
/// use axum::{Extension, Router, routing::get};
/// use axum_clerk::{Clerk, PublicPlans};
///
/// async fn prices(Extension(plans): Extension<PublicPlans>) -> String {
///     let Some(plans) = plans.get() else {
///         return "The plans are not known at the moment.".to_owned();
///     };
///     let lines = plans.iter().map(|plan| match &plan.fee {
///         Some(fee) => format!("{}: {}{}\n", plan.name, fee.currency_symbol, fee.amount_formatted),
///         None => format!("{}\n", plan.name),
///     });
///     lines.collect()
/// }
///
/// fn app(clerk: Clerk) -> Router {
///     let plans = PublicPlans::new(clerk);
///     let kept = plans.clone();
///     tokio::spawn(async move { kept.keep_fresh(|| async {}).await });
///     Router::new().route("/prices", get(prices)).layer(Extension(plans))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct PublicPlans {
    clerk: Clerk,
    plans: Arc<ArcSwapOption<Vec<BillingPlan>>>,
}

impl PublicPlans {
    /// How often the plans are fetched.
    const INTERVAL: Duration = Duration::from_secs(5 * 60);

    /// When they are fetched again after a failure.
    const RETRY: Duration = Duration::from_secs(60);

    /// Of this instance; no plans are known yet.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self {
            clerk,
            plans: Arc::default(),
        }
    }

    /// The plans in the order of the Backend API, or `None` if they could not be fetched yet.
    #[must_use]
    pub fn get(&self) -> Option<Arc<Vec<BillingPlan>>> {
        self.plans.load_full()
    }

    /// Fetches the plans, now and again for as long as it is polled, and calls `on_fetched` each time, for example to
    /// render pages again ([`SignedOutPages::refresh`](crate::SignedOutPages::refresh)). The log has the first of several
    /// failures; an instance without billing is one.
    pub async fn keep_fresh<F: Future<Output = ()>>(&self, on_fetched: impl Fn() -> F) {
        let mut is_failing = false;
        loop {
            let fetched = timeout(TIMEOUT, self.fetch()).await;
            let failure = match fetched {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some("the Backend API did not answer in time".to_owned()),
            };
            let wait = if let Some(error) = failure {
                if !is_failing {
                    tracing::warn!(error, "the plans could not be fetched; trying again every minute");
                }
                is_failing = true;
                Self::RETRY
            } else {
                is_failing = false;
                on_fetched().await;
                Self::INTERVAL
            };
            sleep(wait).await;
        }
    }

    async fn fetch(&self) -> Result<(), ApiError> {
        let list = ListBillingPlans {
            limit: Some(LIMIT),
            payer_type: Some(BillingPayerType::User),
            ..ListBillingPlans::default()
        };
        let mut plans = self.clerk.api().billing().plans(&list).await?.data;
        plans.retain(|plan| plan.publicly_visible);
        self.plans.store(Some(Arc::new(plans)));
        Ok(())
    }
}
