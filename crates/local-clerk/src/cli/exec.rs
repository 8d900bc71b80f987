//! Running a command beside a local Clerk of its own.

use std::{
    env,
    ffi::OsString,
    io,
    process::{ExitCode, ExitStatus},
};

use local_clerk::LocalClerk;
use tokio::process::{Child, Command};

use super::{
    Failure,
    options::ServerOptions,
    serve::Ending,
    signals::{Signal, Signals},
};

/// The exit codes of a shell for a command that is not there, and for one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_EXECUTABLE: u8 = 126;
/// What a shell adds to the number of the signal that ended a command.
#[cfg(unix)]
const BY_SIGNAL: i32 = 128;

/// Runs a command in the environment of an app that uses the local Clerk, and returns its exit code.
pub(super) async fn exec(options: ServerOptions, command: &[OsString]) -> Result<ExitCode, Failure> {
    let (program, arguments) = command.split_first().ok_or("no command is given")?;
    let mut signals = Signals::listen()?;
    let ending = Ending::of(&options)?;
    let clerk = options.into_builder().start().await?;
    let child = Command::new(program)
        .args(arguments)
        .envs(variables(&clerk))
        .spawn();
    let code = match child {
        Ok(child) => run(child, &mut signals).await?,
        Err(error) => {
            eprintln!("{} cannot be run: {error}", program.display());
            match error.kind() {
                io::ErrorKind::NotFound => NOT_FOUND,
                _ => NOT_EXECUTABLE,
            }
        }
    };
    match ending.end(clerk, &mut signals).await {
        Err(error) if code != 0 => {
            eprintln!("{error}");
            Ok(code.into())
        }
        ended => ended.map(|()| code.into()),
    }
}

/// Returns the environment of the command. Variables that tell browsers where Clerk is are left as the caller has set them, because
/// the app may have a proxy of its own.
fn variables(clerk: &LocalClerk) -> impl Iterator<Item = (&'static str, String)> {
    let is_chosen = |name: &str| {
        let is_for_browsers = ["_PROXY_URL", "_JS_URL", "_UI_URL"]
            .iter()
            .any(|end| name.ends_with(end));
        is_for_browsers && env::var_os(name).is_some_and(|value| !value.is_empty())
    };
    let variables = clerk.environment().into_iter();
    variables.filter(move |(name, _)| !is_chosen(name))
}

/// Waits until the command ends; signals are its own business.
async fn run(mut child: Child, signals: &mut Signals) -> io::Result<u8> {
    loop {
        tokio::select! {
            status = child.wait() => return Ok(exit_code(status?)),
            signal = signals.next() => forward(&child, signal),
        }
    }
}

fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| BY_SIGNAL + signal);
    #[cfg(not(unix))]
    let by_signal = None;
    let code = status.code().or(by_signal);
    // A code without a meaning here is a failure too.
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(unix)]
fn forward(child: &Child, signal: Signal) {
    use rustix::process::{Pid, kill_process};

    if signal == Signal::INT && is_in_foreground() {
        // Ctrl-C has reached the command already, and many programs end at once if it comes twice.
        return;
    }
    // Without an id, the command has ended.
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(pid) = id.and_then(Pid::from_raw)
        && let Err(error) = kill_process(pid, signal)
    {
        tracing::warn!("{signal:?} could not be forwarded: {error}");
    }
}

/// Tells whether this program is in the foreground of a terminal, which sends Ctrl-C to all programs there.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    use rustix::{process::getpgrp, termios::tcgetpgrp};

    std::fs::File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal) == Ok(getpgrp()))
}

/// The console sends Ctrl-C to all its programs.
#[cfg(not(unix))]
fn forward(_: &Child, _: Signal) {}
