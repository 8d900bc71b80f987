//! The files of clerk-js and its components, from a `node_modules` directory.

use std::{
    fs,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{SHA384, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{StatusCode, header};
use serde_json::Value;

use crate::http::Reply;

const PACKAGES: [&str; 2] = ["clerk-js", "ui"];
const DEFAULT_DIRECTORY: &str = "node_modules";

/// Chooses the directory to serve from: the given one, or `node_modules` in the working directory if only that has
/// clerk-js.
pub(crate) fn choose_directory(given: Option<&Path>) -> PathBuf {
    choose(given, Path::new(DEFAULT_DIRECTORY)).to_owned()
}

fn choose<'a>(given: Option<&'a Path>, default: &'a Path) -> &'a Path {
    match given {
        Some(given) if has_clerk_js(given) || !has_clerk_js(default) => given,
        _ => default,
    }
}

/// Checks that clerk-js is installed in this `node_modules` directory.
pub(crate) fn has_clerk_js(directory: &Path) -> bool {
    directory.join("@clerk/clerk-js/package.json").is_file()
}

/// What to do about a package that is not installed.
pub(crate) fn not_installed(package: &str) -> String {
    format!(
        "@clerk/{package} is not installed. Run `npm install @clerk/clerk-js @clerk/ui`, or name the node_modules \
         directory that has it with --npm-dir (LOCAL_CLERK_NPM_DIR), or give the page another script URL \
         (CLERK_JS_URL)."
    )
}

/// Answers `/npm/@clerk/{package}@{version}/dist/{file}`: the installed version for any version that
/// it satisfies, such as `6`, `6.29` or `6.29.3`.
pub(crate) async fn serve(npm_dir: &Path, path: &str) -> Reply {
    let Some((package, requested, file)) = parse(path) else {
        return text(
            StatusCode::NOT_FOUND,
            "The local Clerk, which is not Clerk, has no such file.",
        );
    };
    let directory = npm_dir.join("@clerk").join(package);
    let Some(installed) = installed_version(&directory).await else {
        return text(StatusCode::NOT_FOUND, not_installed(package));
    };
    if !satisfies(&installed, requested) {
        let message = format!("@clerk/{package} is installed in version {installed}, not {requested}.");
        return text(StatusCode::NOT_FOUND, message);
    }
    let Ok(bytes) = tokio::fs::read(directory.join("dist").join(file)).await else {
        let message = format!("@clerk/{package} {installed} has no file dist/{file}.");
        return text(StatusCode::NOT_FOUND, message);
    };
    let caching = if requested == installed {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    };
    Reply::bytes(content_type(file), bytes)
        .with_header(header::CACHE_CONTROL, caching)
        .with_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .with_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

/// Returns the Subresource Integrity metadata of the script that pages load of a package.
pub(crate) fn integrity(npm_dir: &Path, package: &str) -> Option<String> {
    let file = match package {
        "clerk-js" => "clerk.browser.js",
        "ui" => "ui.browser.js",
        _ => return None,
    };
    let script = fs::read(npm_dir.join("@clerk").join(package).join("dist").join(file)).ok()?;
    Some(format!("sha384-{}", STANDARD.encode(digest(&SHA384, &script))))
}

/// Splits a path into package, version and file, and rejects whatever could lead out of the package's directory.
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

fn satisfies(installed: &str, requested: &str) -> bool {
    requested == "latest" || installed == requested || installed.starts_with(&format!("{requested}."))
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.') {
        Some((_, "js" | "mjs" | "cjs")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "json" | "map")) => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

fn text(status: StatusCode, message: impl Into<String>) -> Reply {
    Reply::bytes("text/plain; charset=utf-8", message.into()).with_status(status)
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    #[test]
    fn prefers_the_given_directory_and_falls_back_to_the_default_one() {
        let root = env::temp_dir().join(format!("local-clerk-npm-choose-{}", process::id()));
        let (with, without) = (root.join("with"), root.join("without"));
        let package = with.join("@clerk/clerk-js");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("package.json"), "{}").unwrap();
        assert_eq!(choose(None, &without), without);
        assert_eq!(choose(Some(&with), &with), with);
        assert_eq!(choose(Some(&with), &without), with);
        assert_eq!(choose(Some(&without), &with), with);
        assert_eq!(choose(Some(&root), &without), root);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn rejects_paths_outside_the_package() {
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
    fn compares_whole_version_numbers() {
        assert!(satisfies("6.29.3", "6") && satisfies("6.29.3", "6.29") && satisfies("6.29.3", "6.29.3"));
        assert!(!satisfies("6.29.3", "6.2") && !satisfies("6.29.3", "5") && !satisfies("6.29.3", "6.29.4"));
    }
}
