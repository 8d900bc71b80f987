//! The files of clerk-js and its components, from the app's `node_modules`.

use std::path::Path;

use http::{StatusCode, header};
use serde_json::Value;

use crate::http::Reply;

const PACKAGES: [&str; 2] = ["clerk-js", "ui"];

/// Answers `/npm/@clerk/{package}@{version}/dist/{file}`: the installed version for any version that
/// it satisfies, such as `6`, `6.29` or `6.29.3`.
pub(crate) async fn serve(npm_dir: &Path, path: &str) -> Reply {
    let Some((package, wanted, file)) = parse(path) else {
        return text(
            StatusCode::NOT_FOUND,
            "The local Clerk, which is not Clerk, has no such file.",
        );
    };
    let directory = npm_dir.join("@clerk").join(package);
    let Some(installed) = installed_version(&directory).await else {
        let why = format!("@clerk/{package} is not installed. Run `make setup`, or `npm ci`, then reload.");
        return text(StatusCode::NOT_FOUND, why);
    };
    if !satisfies(&installed, wanted) {
        let why = format!("@clerk/{package} is installed in version {installed}, not {wanted}.");
        return text(StatusCode::NOT_FOUND, why);
    }
    let Ok(bytes) = tokio::fs::read(directory.join("dist").join(file)).await else {
        let why = format!("@clerk/{package} {installed} has no file dist/{file}.");
        return text(StatusCode::NOT_FOUND, why);
    };
    let caching = if wanted == installed {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    };
    Reply::bytes(content_type(file), bytes)
        .with_header(header::CACHE_CONTROL, caching)
        .with_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .with_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

/// The package, the version and the file; nothing that could leave the package's folder.
fn parse(path: &str) -> Option<(&str, &str, &str)> {
    let (package, file) = path.strip_prefix("@clerk/")?.split_once("/dist/")?;
    let (name, version) = package.split_once('@')?;
    let is_name = |text: &str| {
        !text.is_empty()
            && !text.starts_with('.')
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    (PACKAGES.contains(&name) && is_name(version) && is_name(file)).then_some((name, version, file))
}

async fn installed_version(directory: &Path) -> Option<String> {
    let manifest = tokio::fs::read(directory.join("package.json")).await.ok()?;
    let manifest: Value = serde_json::from_slice(&manifest).ok()?;
    manifest["version"].as_str().map(str::to_owned)
}

fn satisfies(installed: &str, wanted: &str) -> bool {
    wanted == "latest" || installed == wanted || installed.starts_with(&format!("{wanted}."))
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.') {
        Some((_, "js" | "mjs" | "cjs")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "json" | "map")) => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

fn text(status: StatusCode, why: impl Into<String>) -> Reply {
    Reply::bytes("text/plain; charset=utf-8", why.into()).with_status(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_package() {
        assert_eq!(
            parse("@clerk/clerk-js@6/dist/clerk.browser.js"),
            Some(("clerk-js", "6", "clerk.browser.js"))
        );
        for bad in [
            "",
            "@clerk/clerk-js/dist/clerk.browser.js",
            "@clerk/backend@1/dist/index.js",
            "@clerk/ui@1/dist/../package.json",
            "@clerk/ui@1/dist/..",
            "@clerk/ui@1/dist/.hidden",
            "@clerk/ui@../dist/x.js",
            "@clerk/ui@1/dist/a/b.js",
            "@clerk/ui@1/dist/a\\b.js",
            "@clerk/ui@1/dist/",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn versions_are_satisfied_by_whole_numbers() {
        assert!(satisfies("6.29.3", "6") && satisfies("6.29.3", "6.29") && satisfies("6.29.3", "6.29.3"));
        assert!(!satisfies("6.29.3", "6.2") && !satisfies("6.29.3", "5") && !satisfies("6.29.3", "6.29.4"));
    }
}
