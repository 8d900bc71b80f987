//! The files of the site root: what `cargo leptos` built and what `public/` holds, served without authentication.

use std::path::Path;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_clerk::accepts_encoding;
use leptos_config::LeptosOptions;
use static_files::StaticFiles;

/// For file names that change with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");
const ONE_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The files are read once at startup: a changed file is served after a restart. Only under `cargo leptos watch`, which
/// exchanges files, they are read again for every request of a file.
#[derive(Debug)]
pub struct SiteRoot {
    options: LeptosOptions,
    /// `None` under `cargo leptos watch`.
    files: Option<StaticFiles>,
}

impl SiteRoot {
    /// Reads the files. `watch` says whether `cargo leptos watch` exchanges them.
    #[must_use]
    pub fn new(options: LeptosOptions, watch: bool) -> Self {
        let files = (!watch).then(|| read(&options));
        Self { options, files }
    }

    /// Answers a request for a file, and every request below the package directory: an outdated page asks there for
    /// files of an earlier build, and could make nothing of a page.
    pub fn response_to(&self, request: &Request) -> Option<Response> {
        let path = request.uri().path();
        let accepts = |coding: &str| accepts_encoding(request.headers(), coding);
        let found = match &self.files {
            Some(files) => files.response_to(request, accepts),
            None if path.contains('.') => read(&self.options).response_to(request, accepts),
            None => None,
        };
        let not_found = || (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response();
        let found = found.map(|response| response.map(Body::from));
        found.or_else(|| is_in_package(path, &self.options).then(not_found))
    }
}

fn read(options: &LeptosOptions) -> StaticFiles {
    let cache_control = |path: &str| match (is_in_package(path, options), options.hash_files) {
        // Declarations that only a TypeScript compiler reads.
        (true, _) if path.ends_with(".ts") => None,
        (true, true) => Some(IMMUTABLE),
        (true, false) => Some(REVALIDATED),
        (false, _) => Some(ONE_HOUR),
    };
    let root = Path::new(&*options.site_root);
    StaticFiles::read(root, cache_control).unwrap_or_else(|error| {
        tracing::warn!(%error, "LEPTOS_SITE_ROOT {} cannot be read", root.display());
        StaticFiles::default()
    })
}

fn is_in_package(path: &str, options: &LeptosOptions) -> bool {
    let below = path
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(&*options.site_pkg_dir));
    below.is_some_and(|rest| rest.starts_with('/'))
}
