//! The files of a directory, served from memory. Nothing is read from the disk for a request.
//!
//! Compressed forms that lie beside a file (`app.js.br`, `app.js.gz`) are sent to clients that accept them. Requests are
//! answered by RFC 9110: `GET` and `HEAD`, `If-None-Match` with a strong `ETag` for each form, and `If-Modified-Since`.
//! Ranges are not supported, so large media belongs elsewhere.

#![warn(missing_docs)]

use std::{collections::HashMap, fs, io, path::Path, time::SystemTime};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};

/// Content codings with the suffix of the files that a build compresses with them, the smallest first.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

type Contents = HashMap<String, (Bytes, SystemTime)>;

/// The files of a directory and of those below it, as they were when it was read.
///
/// ```
/// use http::{HeaderValue, Request, StatusCode};
/// use static_files::StaticFiles;
///
/// # let directory = std::env::temp_dir().join(format!("static-files-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// std::fs::write(directory.join("robots.txt"), "User-agent: *")?;
/// let files = StaticFiles::read(&directory, |path| {
///     (!path.ends_with(".map")).then_some(HeaderValue::from_static("max-age=3600"))
/// })?;
///
/// let response = files.response_to(&Request::get("/robots.txt").body(())?, |coding| coding == "gzip");
/// assert_eq!(response.map(|response| response.status()), Some(StatusCode::OK));
/// assert!(files.response_to(&Request::get("/other.txt").body(())?, |_| false).is_none());
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct StaticFiles {
    /// By the path of the address.
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    content_type: HeaderValue,
    cache_control: HeaderValue,
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
    /// Reads a directory. `cache_control` gives the header of the file at a path such as `/favicon.svg`, or `None` for a
    /// file that is not to be served. Files whose names are not UTF-8 are left out.
    ///
    /// # Errors
    ///
    /// The directory or one of its files cannot be read.
    pub fn read(root: &Path, cache_control: impl Fn(&str) -> Option<HeaderValue>) -> io::Result<Self> {
        let mut contents = Contents::new();
        read_directory(root, "", &mut contents)?;
        let file = |path: &String| {
            let file = File::new(path, &contents, cache_control(path)?)?;
            Some((path.clone(), file))
        };
        Ok(Self {
            files: contents.keys().filter_map(file).collect(),
        })
    }

    /// Answers a `GET` or `HEAD` request whose path is that of a file. `accepts` says whether the client accepts a content
    /// coding, `br` or `gzip`.
    pub fn response_to<B>(
        &self,
        request: &Request<B>,
        accepts: impl Fn(&str) -> bool,
    ) -> Option<Response<Bytes>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let file = self.files.get(request.uri().path())?;
        let form = file.forms.iter().find(|form| form.coding.is_none_or(&accepts))?;
        let mut response = Response::new(Bytes::new());
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, file.cache_control.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::ETAG, form.etag.clone());
        headers.insert(header::LAST_MODIFIED, form.last_modified.clone());
        if form.is_known_to(request.headers()) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Some(response);
        }
        headers.insert(header::CONTENT_TYPE, file.content_type.clone());
        headers.insert(header::CONTENT_LENGTH, form.bytes.len().into());
        if let Some(coding) = form.coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        if request.method() == Method::GET {
            *response.body_mut() = form.bytes.clone();
        }
        Some(response)
    }
}

impl File {
    /// `None` for the compressed form of another file.
    fn new(path: &str, contents: &Contents, cache_control: HeaderValue) -> Option<Self> {
        let is_form = CODINGS.iter().any(|(_, suffix)| {
            path.strip_suffix(suffix)
                .is_some_and(|of| contents.contains_key(of))
        });
        let content_type = content_type(path);
        let forms = CODINGS
            .iter()
            .map(|(coding, suffix)| (Some(*coding), format!("{path}{suffix}")))
            .chain([(None, path.to_owned())])
            .filter_map(|(coding, path)| Form::new(coding, contents.get(&path)?));
        let file = Self {
            content_type: HeaderValue::try_from(content_type).ok()?,
            cache_control,
            forms: forms.collect(),
        };
        (!is_form).then_some(file)
    }
}

/// The media type of a file. Text is UTF-8.
fn content_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = guess.type_() == "text" || guess.suffix().is_some_and(|suffix| suffix == "xml");
    match is_text {
        true => format!("{guess}; charset=utf-8"),
        false => guess.to_string(),
    }
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
        let (path, address) = (entry.path(), format!("{address}/{name}"));
        if path.is_dir() {
            read_directory(&path, &address, contents)?;
        } else {
            let content = fs::read(&path)?.into();
            contents.insert(address, (content, entry.metadata()?.modified()?));
        }
    }
    Ok(())
}
