//! The files of the site root: what `cargo leptos` built and what `public/` holds, served without authentication.

use std::{collections::HashMap, fs, io, path::Path, time::SystemTime};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
};
use axum_clerk::accepts_encoding;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos::config::LeptosOptions;

/// For file names that change with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");
const ONE_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Content codings with the suffix of the files that a build compresses with them, the smallest first.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The files, read once at startup, so that no request waits for the disk. A change is noticed by a restart; only
/// under `cargo leptos watch`, which exchanges files, they are read again for every request of a file.
#[derive(Debug)]
pub(crate) struct StaticFiles {
    /// The path of the package directory, with slashes on both sides.
    package: String,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Kept(Files),
    Watched(LeptosOptions),
}

/// By the path of their address.
type Files = HashMap<String, File>;
type Contents = HashMap<String, (Bytes, SystemTime)>;

#[derive(Debug)]
pub(crate) struct File {
    content_type: HeaderValue,
    caching: HeaderValue,
    /// The preferred form first. The last one has no content coding.
    forms: Vec<Form>,
}

#[derive(Debug)]
struct Form {
    coding: Option<&'static str>,
    etag: HeaderValue,
    last_modified: HeaderValue,
    bytes: Bytes,
}

impl StaticFiles {
    pub(crate) fn new(options: &LeptosOptions, watch: bool) -> Self {
        Self {
            package: package(options),
            source: match watch {
                true => Source::Watched(options.clone()),
                false => Source::Kept(read(options)),
            },
        }
    }

    /// Answers a request for a file, and every request below the package directory: an outdated page asks there for
    /// files of an earlier build, and could make nothing of a page.
    pub(crate) fn response_to(&self, request: &Request) -> Option<Response<Body>> {
        let path = request.uri().path();
        let file = |files: &Files| files.get(path).and_then(|file| file.response_to(request));
        let found = match &self.source {
            _ if !matches!(*request.method(), Method::GET | Method::HEAD) => None,
            Source::Kept(files) => file(files),
            Source::Watched(options) if path.contains('.') => file(&read(options)),
            Source::Watched(_) => None,
        };
        found.or_else(|| path.starts_with(&self.package).then(not_found))
    }
}

impl File {
    fn response_to(&self, request: &Request) -> Option<Response<Body>> {
        let form = self.forms.iter().find(|form| {
            form.coding
                .is_none_or(|coding| accepts_encoding(request.headers(), coding))
        })?;
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, self.caching.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::ETAG, form.etag.clone());
        headers.insert(header::LAST_MODIFIED, form.last_modified.clone());
        if form.is_known_to(request.headers()) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Some(response);
        }
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        headers.insert(header::CONTENT_LENGTH, form.bytes.len().into());
        if let Some(coding) = form.coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if request.method() == Method::GET {
            *response.body_mut() = Body::from(form.bytes.clone());
        }
        Some(response)
    }
}

fn package(options: &LeptosOptions) -> String {
    format!("/{}/", options.site_pkg_dir)
}

fn not_found() -> Response<Body> {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

fn read(options: &LeptosOptions) -> Files {
    let mut contents = Contents::new();
    let root = Path::new(&*options.site_root);
    if let Err(error) = read_directory(root, "", &mut contents) {
        tracing::warn!(%error, "LEPTOS_SITE_ROOT {} cannot be read", root.display());
    }
    let package = package(options);
    let file = |path: &String| {
        let in_package = path.starts_with(&package);
        let compressed = |suffix| CODINGS.iter().any(|(_, own)| *own == suffix);
        let stem = path.rfind('.').map(|dot| path.split_at(dot));
        // Neither what belongs to another file, nor declarations for a TypeScript compiler.
        if stem.is_some_and(|(stem, suffix)| compressed(suffix) && contents.contains_key(stem))
            || (in_package && path.ends_with(".ts"))
        {
            return None;
        }
        let caching = match (in_package, options.hash_files) {
            (true, true) => IMMUTABLE,
            (true, false) => REVALIDATED,
            (false, _) => ONE_HOUR,
        };
        let forms = CODINGS
            .iter()
            .map(|(coding, suffix)| (Some(*coding), format!("{path}{suffix}")))
            .chain([(None, path.clone())])
            .filter_map(|(coding, path)| Form::new(coding, contents.get(&path)?))
            .collect();
        let content_type = mime_guess::from_path(path).first_or_octet_stream();
        let content_type = HeaderValue::try_from(content_type.as_ref()).ok()?;
        Some((
            path.clone(),
            File {
                content_type,
                caching,
                forms,
            },
        ))
    };
    contents.keys().filter_map(file).collect()
}

impl Form {
    fn new(coding: Option<&'static str>, (bytes, modified): &(Bytes, SystemTime)) -> Option<Self> {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(&digest(&SHA256, bytes).as_ref()[..16]);
        Some(Self {
            coding,
            etag: HeaderValue::try_from(format!("\"{hash}\"")).ok()?,
            last_modified: HeaderValue::try_from(httpdate::fmt_http_date(*modified)).ok()?,
            bytes: bytes.clone(),
        })
    }

    /// Checks whether the client has this form already (RFC 9110, section 13.1).
    fn is_known_to(&self, client: &HeaderMap) -> bool {
        let Some(etags) = client.get(header::IF_NONE_MATCH) else {
            return client.get(header::IF_MODIFIED_SINCE) == Some(&self.last_modified);
        };
        let is_own = |etag: &str| etag.trim().trim_start_matches("W/") == self.etag;
        etags.to_str().is_ok_and(|etags| etags.split(',').any(is_own))
    }
}

/// Reads a directory and those below it. `address` is the path of the directory without the last slash.
fn read_directory(directory: &Path, address: &str, contents: &mut Contents) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let address = format!("{address}/{name}");
        if entry.path().is_dir() {
            read_directory(&entry.path(), &address, contents)?;
        } else {
            let content = fs::read(entry.path())?.into();
            contents.insert(address, (content, entry.metadata()?.modified()?));
        }
    }
    Ok(())
}
