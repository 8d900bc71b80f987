//! Temporary directories.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

/// An empty directory that is removed with its owner.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("leptos-with-clerk-{}-{next}", process::id()));
        // A killed test run with the same process id may have left one behind.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A directory with the files of a built site.
    pub(crate) fn with_site() -> Self {
        let directory = Self::new();
        let path = directory.path();
        fs::create_dir_all(path.join("pkg")).unwrap();
        fs::write(path.join("pkg/app.0a1b.js"), "export {};").unwrap();
        fs::write(path.join("pkg/app.0a1b.js.br"), "compressed").unwrap();
        fs::write(path.join("pkg/app.d.ts"), "export {};").unwrap();
        fs::write(
            path.join("favicon.svg"),
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        )
        .unwrap();
        directory
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The path as text, for environment variables.
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // A directory left behind does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
