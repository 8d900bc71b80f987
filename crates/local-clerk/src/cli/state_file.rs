//! Files with an exported state. They contain password hashes and the secrets of sessions.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    hash::{BuildHasher as _, Hasher as _, RandomState},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Creates the directory of a file, and checks that the file can be written.
pub(super) fn prepare(file: &Path) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    let temporary = temporary(file)?;
    create(&temporary)?;
    fs::remove_file(temporary)
}

/// Writes a file, readable by its owner only, or replaces it at once: whatever happens, it is complete or as before.
pub(super) fn write(file: &Path, text: &str) -> io::Result<()> {
    let temporary = temporary(file)?;
    let written = create(&temporary).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.write_all(b"\n")?;
        new.sync_all()?;
        fs::rename(&temporary, file)
    });
    if written.is_err() {
        // It may not have been created.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A file beside this one, as a rename works within a file system only.
fn temporary(file: &Path) -> io::Result<PathBuf> {
    let name = file
        .file_name()
        .ok_or_else(|| io::Error::other("it is not the name of a file"))?;
    if file.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut temporary = OsString::from(".");
    temporary.push(name);
    // One that a killed process has left has another name, even if processes have the same id, as in containers.
    let random = RandomState::new().build_hasher().finish();
    temporary.push(format!(".{}.{random}", process::id()));
    Ok(file.with_file_name(temporary))
}

fn create(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}
