//! The differential suite: the whole program and the official `@clerk/backend` decide the same requests,
//! made at random from a seed, and have to come to the same status, reason, redirect and cookies.
//!
//! `DIFFERENTIAL_SEED` and `DIFFERENTIAL_REQUESTS` choose other requests and more of them;
//! `DIFFERENTIAL_CASE` replays a single one of a seed.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod backend_api;
mod deviations;
mod instances;
mod keys;
mod oracle;
mod outcome;
mod random;
mod requests;
mod tokens;
mod webhooks;

use std::{collections::BTreeMap, env, sync::Arc};

use axum::Router;

use instances::Instance;
use oracle::Oracle;
use outcome::Outcome;
use requests::Case;

/// Requests in flight at a time: few enough that none waits long for the Backend API.
const CHUNK: usize = 64;
/// Mismatches that are shown.
const SHOWN: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn decides_as_the_official_package() {
    let seed = number("DIFFERENTIAL_SEED").unwrap_or(1);
    let (first, count) = match number("DIFFERENTIAL_CASE") {
        Some(case) => (case as usize, 1),
        None => (0, number("DIFFERENTIAL_REQUESTS").unwrap_or(20_000) as usize),
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
        for ((case, ours), answer) in cases.iter().zip(ours).zip(&answers) {
            assert_eq!(case.id, answer.id);
            report.add(
                seed,
                case,
                &instances[case.instance],
                &ours,
                &Outcome::theirs(answer, case),
            );
        }
    }
    report.finish(seed, count);
}

/// Our decisions, in the order of the cases.
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
    reasons: BTreeMap<String, usize>,
    deviations: BTreeMap<&'static str, usize>,
    mismatches: Vec<String>,
}

impl Report {
    fn add(&mut self, seed: u64, case: &Case, instance: &Instance, ours: &Outcome, theirs: &Outcome) {
        let reason = format!("{} {}", theirs.status, theirs.reason);
        *self.reasons.entry(reason.trim_end().to_owned()).or_default() += 1;
        let Some(difference) = ours.difference(theirs) else {
            return;
        };
        if let Some(place) = deviations::explain(case, instance, ours, theirs) {
            *self.deviations.entry(deviations::TABLE[place].name).or_default() += 1;
            return;
        }
        self.mismatches.push(format!(
            "DIFFERENTIAL_SEED={seed} DIFFERENTIAL_CASE={} cargo test --features ssr,local-clerk --test differential\n  \
             {} {} {:?} {:?}\n  {}\n  {difference}",
            case.id,
            case.method,
            case.url(),
            case.headers,
            case.tokens,
            instance.summary(),
        ));
    }

    fn finish(self, seed: u64, count: usize) {
        println!("seed {seed}: {count} requests, {} outcomes", self.reasons.len());
        for (reason, count) in &self.reasons {
            println!("{count:7}  {reason}");
        }
        for (name, count) in &self.deviations {
            println!("{count:7}  known deviation: {name}");
        }
        // Fewer would mean that the requests are no longer what they were.
        assert!(
            count < 20_000 || self.reasons.len() >= 40,
            "{} outcomes only",
            self.reasons.len()
        );
        for mismatch in self.mismatches.iter().take(SHOWN) {
            println!("{mismatch}");
        }
        assert!(
            self.mismatches.is_empty(),
            "{} of {count} decisions differ",
            self.mismatches.len()
        );
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number: {text}")),
    )
}
