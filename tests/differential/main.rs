//! The differential suite: the whole program and the official `@clerk/backend` decide the same random
//! requests, and must reach the same status, reason, redirect, cookies and auth object.
//!
//! `DIFFERENTIAL_SEED` and `DIFFERENTIAL_REQUESTS` select other requests and more of them;
//! `DIFFERENTIAL_CASE` replays a single request of a seed.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod backend_api;
mod deviations;
mod instances;
mod keys;
mod machine_tokens;
mod oracle;
mod outcome;
mod random;
mod requests;
mod reverification;
mod tokens;
mod webhooks;

use std::{collections::BTreeMap, env, sync::Arc};

use axum::Router;

use deviations::Deviation;
use instances::Instance;
use oracle::{Answer, Oracle};
use outcome::Outcome;
use requests::Case;

/// The number of concurrent requests: few enough that none waits long for the Backend API.
const CHUNK: usize = 64;
/// The number of requests by default: enough to need every deviation.
const REQUESTS: usize = 20_000;
/// The number of mismatches that are shown.
const SHOWN: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn decides_as_the_official_package() {
    let seed = number("DIFFERENTIAL_SEED").unwrap_or(1);
    let (first, count) = match number("DIFFERENTIAL_CASE") {
        Some(case) => (case as usize, 1),
        None => (
            0,
            number("DIFFERENTIAL_REQUESTS").unwrap_or(REQUESTS as u64) as usize,
        ),
    };
    let api_url = backend_api::start();
    let instances: Arc<Vec<Instance>> = Arc::new(
        (0..instances::COUNT)
            .map(|index| Instance::random(seed, index, &api_url))
            .collect(),
    );
    let mut routers = Vec::new();
    for instance in instances.iter() {
        routers.push(instance.router().await);
    }
    let options: Vec<_> = instances
        .iter()
        .map(|instance| instance.options.clone())
        .collect();
    let mut oracle = Oracle::start(&options);
    let mut report = Report::default();
    for start in (first..first + count).step_by(CHUNK) {
        let ids = start..(start + CHUNK).min(first + count);
        let cases: Vec<Case> = ids.map(|id| Case::random(seed, id, &instances)).collect();
        oracle.ask(&cases);
        let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
        let ours = decide(&routers, &cases).await;
        let answers = tokio::task::block_in_place(|| oracle.answers(cases.len()));
        let mut differing = Vec::new();
        for ((case, ours), answer) in cases.iter().zip(ours).zip(&answers) {
            assert_eq!(case.id, answer.id);
            if !report.compare(case, &ours, answer) {
                differing.push((case, ours));
            }
        }
        let twins = differing
            .iter()
            .map(|(case, _)| Case::twin(seed, case.id, &instances));
        let twins: Vec<Case> = twins.collect();
        oracle.ask(&twins);
        let answers = tokio::task::block_in_place(|| oracle.answers(twins.len()));
        for (((case, ours), twin), answer) in differing.iter().zip(&twins).zip(&answers) {
            assert_eq!(case.id, answer.id);
            report.compare_with_twin(seed, (case, ours), (twin, answer), &instances[case.instance]);
        }
    }
    report.finish(seed, count);
}

/// Our outcomes, in the order of the cases.
async fn decide(routers: &[Router], cases: &[Arc<Case>]) -> Vec<Outcome> {
    let tasks: Vec<_> = cases
        .iter()
        .map(|case| {
            let (router, case) = (routers[case.instance].clone(), Arc::clone(case));
            tokio::spawn(async move { Outcome::ours(router, &case).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[derive(Default)]
struct Report {
    outcomes: BTreeMap<String, usize>,
    deviations: BTreeMap<Deviation, usize>,
    mismatches: Vec<String>,
}

impl Report {
    /// Whether our outcome is that expected from the answer of the official package.
    fn compare(&mut self, case: &Case, ours: &Outcome, answer: &Answer) -> bool {
        let theirs = Outcome::theirs(answer, case);
        let outcome = format!("{} {}", theirs.status, theirs.reason);
        *self.outcomes.entry(outcome.trim_end().to_owned()).or_default() += 1;
        let (expected, deviation) = deviations::expected(answer, case);
        let is_equal = *ours == expected;
        if is_equal {
            self.count(deviation);
        }
        is_equal
    }

    /// Compares our outcome with that expected for the twin, in which every part on which we deviate is
    /// substituted.
    fn compare_with_twin(
        &mut self,
        seed: u64,
        (case, ours): (&Case, &Outcome),
        (twin, answer): (&Case, &Answer),
        instance: &Instance,
    ) {
        let substitutions = case.substitutions(twin);
        let (expected, deviation) = deviations::expected(answer, twin);
        let difference = ours
            .in_terms_of_the_twin(&substitutions)
            .difference(&expected.in_terms_of_the_twin(&[]));
        let Some(difference) = difference else {
            // With several parts it is unknown which of them made the difference.
            if let [part] = case.deviations[..] {
                self.count(Some(part));
            }
            self.count(deviation);
            return;
        };
        self.mismatches.push(format!(
            "DIFFERENTIAL_SEED={seed} DIFFERENTIAL_CASE={} cargo test --features ssr,local-clerk --test differential\n  \
             {} {} {:?} {:?} {:?}\n  {}\n  {difference}",
            case.id,
            case.method,
            case.url(),
            case.headers,
            case.tokens,
            case.deviations,
            instance.summary(),
        ));
    }

    fn count(&mut self, deviation: Option<Deviation>) {
        if let Some(deviation) = deviation {
            *self.deviations.entry(deviation).or_default() += 1;
        }
    }

    fn finish(self, seed: u64, count: usize) {
        println!("seed {seed}: {count} requests, {} outcomes", self.outcomes.len());
        for (outcome, count) in &self.outcomes {
            println!("{count:7}  {outcome}");
        }
        for (deviation, count) in &self.deviations {
            println!("{count:7}  known deviation: {deviation:?}");
        }
        for mismatch in self.mismatches.iter().take(SHOWN) {
            println!("{mismatch}");
        }
        assert!(
            self.mismatches.is_empty(),
            "{} of {count} decisions differ",
            self.mismatches.len()
        );
        if count >= REQUESTS {
            // Fewer would mean that the requests no longer cover what they should.
            assert!(self.outcomes.len() >= 40, "{} outcomes only", self.outcomes.len());
            for deviation in Deviation::ALL {
                assert!(
                    self.deviations.contains_key(&deviation),
                    "{deviation:?} was not needed by any request"
                );
            }
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number: {text}")),
    )
}
