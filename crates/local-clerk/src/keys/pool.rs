//! Signing keys that are generated ahead: generating one takes longer than all else that starts an instance.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    error::Unspecified,
    rsa::{KeyPair, KeySize},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

static POOL: Mutex<Pool> = Mutex::new(Pool {
    ready: Vec::new(),
    wanted: 0,
    is_filling: false,
});

/// The keys of this process that are not in use yet.
struct Pool {
    /// PKCS #8, Base64.
    ready: Vec<String>,
    /// How many are to be ready.
    wanted: usize,
    /// Whether a thread generates what is missing.
    is_filling: bool,
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps at least this many keys ready from now on.
pub(crate) fn keep_ready(count: usize) {
    {
        let mut pool = pool();
        pool.wanted = pool.wanted.max(count);
    }
    fill();
}

/// Returns a new key (PKCS #8, Base64): one that is ready, or else one that is generated now.
pub(super) fn take() -> Result<String, Unspecified> {
    let ready = pool().ready.pop();
    let key = ready.map_or_else(generate, Ok);
    fill();
    key
}

/// Generates the missing keys in the background.
fn fill() {
    if !starts_filling() {
        return;
    }
    let fill = || {
        while is_key_missing() {
            match generate() {
                Ok(key) => pool().ready.push(key),
                Err(Unspecified) => break,
            }
        }
        pool().is_filling = false;
    };
    let thread = thread::Builder::new().name("local-clerk-keys".to_owned());
    if thread.spawn(fill).is_err() {
        pool().is_filling = false;
    }
}

/// Tells whether the caller is to generate the missing keys.
fn starts_filling() -> bool {
    let mut pool = pool();
    let starts = !pool.is_filling && pool.ready.len() < pool.wanted;
    pool.is_filling |= starts;
    starts
}

fn is_key_missing() -> bool {
    let pool = pool();
    pool.ready.len() < pool.wanted
}

fn generate() -> Result<String, Unspecified> {
    let pkcs8: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048)?.as_der()?;
    Ok(STANDARD.encode(pkcs8.as_ref()))
}
