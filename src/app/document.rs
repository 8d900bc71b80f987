//! The HTML document around the app. Only the server renders it.

mod page_meta;

use std::{env, fs, path::PathBuf, sync::Arc};

use axum::http::request::Parts;
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*, reactive::owner::with_context};
use leptos_clerk::ClerkScripts;
use leptos_meta::MetaTags;

use self::page_meta::page_meta;
use super::{App, FAILURE_ID, PLANS, ROOT_ID};
use crate::account::color_scheme;

/// The pages that visitors who are signed out can read before clerk-js has loaded.
const READABLE_WITHOUT_CLERK: &[&str] = &["/", PLANS];

/// Renders the document, with everything the browser needs to take over: Clerk's scripts and state, and the WebAssembly
/// half of the app.
pub fn shell(options: LeptosOptions, site: &SiteFiles) -> impl IntoView + use<> {
    let nonce = use_nonce();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-color-scheme=chosen_color_scheme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {page_meta(&site.origin)}
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <ClerkScripts on_demand=READABLE_WITHOUT_CLERK />
                <link rel="stylesheet" href=Arc::clone(&site.css) />
                <link rel="modulepreload" nonce=nonce.clone() href=Arc::clone(&site.js) />
                <link
                    rel="preload"
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin=""
                    href=Arc::clone(&site.wasm)
                />
                <script r#type="module" nonce=nonce inner_html=Arc::clone(&site.hydration)></script>
                <noscript>
                    <style>"[data-clerk-component]{display:none}.without-scripts{display:block}"</style>
                </noscript>
                <AutoReload options=options />
                <MetaTags />
            </head>
            <body>
                <div id=ROOT_ID>
                    <App />
                </div>
                <div id=FAILURE_ID class="notice" role="alert" hidden>
                    <p>
                        "A part of this page has stopped working, perhaps because a browser extension changed it. Links and \
                         Clerk's forms still work."
                    </p>
                    <a class="button" href="">"Reload the page"</a>
                </div>
            </body>
        </html>
    }
}

/// Returns the color scheme of the user in the request's extensions, so that the document has it before any script runs.
fn chosen_color_scheme() -> Option<&'static str> {
    with_context(|parts: &Parts| parts.extensions.get().and_then(color_scheme)).flatten()
}

/// The origin of the site, the addresses of the built files, whose names carry a hash in release builds, and the script
/// that starts them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SiteFiles {
    origin: Arc<str>,
    js: Arc<str>,
    wasm: Arc<str>,
    css: Arc<str>,
    hydration: Arc<str>,
}

impl SiteFiles {
    /// Reads the hashes, once: the files of a new build are found by a restart. `origin` is where browsers reach the app.
    pub fn read(options: &LeptosOptions, origin: &str) -> Self {
        let hashes = hash_file(options).unwrap_or_default();
        let address = |kind: &str, extension: &str| -> Arc<str> {
            let hash = hashes
                .lines()
                .find_map(|line| line.trim().strip_prefix(kind)?.strip_prefix(':'))
                .map(|hash| format!(".{}", hash.trim()))
                .unwrap_or_default();
            format!(
                "/{}/{}{hash}.{extension}",
                options.site_pkg_dir, options.output_name
            )
            .into()
        };
        let (js, wasm) = (address("js", "js"), address("wasm", "wasm"));
        let hydration = format!(
            "import init, {{ hydrate }} from {js:?};\nawait init({{ module_or_path: {wasm:?} }});\nhydrate();"
        );
        Self {
            origin: origin.into(),
            css: address("css", "css"),
            hydration: hydration.into(),
            js,
            wasm,
        }
    }
}

/// Reads the hashes that `cargo leptos` wrote beside the binary, where file names are hashed.
fn hash_file(options: &LeptosOptions) -> Option<String> {
    let file: PathBuf = env::current_exe().ok()?.parent()?.join(&*options.hash_file);
    options.hash_files.then(|| fs::read_to_string(file).ok())?
}
