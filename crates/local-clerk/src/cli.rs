//! The command line of the program, and the environment for what it leaves out.

mod exec;
mod instance;
mod options;
mod seeds;
mod serve;
mod signals;
mod state_file;

use std::{env, error::Error, ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, error::ErrorKind};
use local_clerk::Instance;

use self::{instance::Target, options::ServerOptions};

/// Why a command failed; shown on the standard error.
type Failure = Box<dyn Error>;

/// Serves a local Clerk: Clerk's Frontend and Backend API for development and tests, without an account and without a
/// network. It is not Clerk.
///
/// Without a command, it prints the environment variables of an app that uses it once it listens, then `ready`, and
/// serves until Ctrl-C or SIGTERM. Logs go to the standard error; RUST_LOG filters them. A variable that is set to
/// nothing counts as not set.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    server: ServerOptions,

    /// Print one line of JSON instead, once it listens: {"environment":{…}}
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a command with a local Clerk of its own: by default on a free port, in memory
    ///
    /// The command finds the local Clerk by its environment, and its exit code becomes that of this program.
    Exec {
        #[command(flatten)]
        server: Box<ServerOptions>,

        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
    /// Waits until a local Clerk answers
    Wait {
        /// URL of the local Clerk
        #[arg(long, env = instance::URL_VARIABLE, default_value = instance::DEFAULT_URL, value_parser = instance::url)]
        url: url::Url,

        /// For how many seconds at most
        #[arg(long, value_name = "SECONDS", default_value_t = 30)]
        timeout: u64,
    },
    /// Prints the default seed file, which explains every field
    Seed,
    /// Checks seed files
    Check {
        /// Kind of instance that the seeds are for: `development` or `production`
        #[arg(
            long,
            env = "LOCAL_CLERK_INSTANCE",
            value_name = "KIND",
            default_value = "development",
            value_parser = options::instance
        )]
        instance: Instance,

        #[arg(required = true, value_name = "SEED")]
        seeds: Vec<PathBuf>,
    },
    /// Writes the state of a local Clerk to a file or the standard output
    Export {
        #[command(flatten)]
        target: Target,

        /// File that is written or replaced [default: the standard output]
        file: Option<PathBuf>,
    },
    /// Replaces the state of a local Clerk by an export
    Import {
        #[command(flatten)]
        target: Target,

        /// File with the export, or `-` for the standard input
        file: PathBuf,
    },
    /// Saves the state of a local Clerk under a name, or goes back to it
    #[command(subcommand)]
    Snapshot(Snapshot),
}

#[derive(Debug, Subcommand)]
enum Snapshot {
    /// Saves the state under a name
    Save {
        #[command(flatten)]
        target: Target,
        name: String,
    },
    /// Goes back to the state that was saved under a name
    Restore {
        #[command(flatten)]
        target: Target,
        name: String,
    },
}

impl Cli {
    /// Reads the arguments, and the environment for what they leave out.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let command = without_empty_variables(command());
        Self::from_arg_matches(&command.try_get_matches()?)
    }

    /// The events that are logged by default: all that a server reports, and only problems beside the output of another
    /// program.
    pub(crate) fn default_log_filter(&self) -> &'static str {
        match self.command {
            None => "info",
            // Whether clerk-js is installed matters to few commands.
            Some(Command::Exec { .. }) => "warn,local_clerk::start=error",
            Some(_) => "error",
        }
    }

    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let done = match self.command {
            Some(Command::Exec { server, command }) => return exec::exec(*server, &command).await,
            None => serve::serve(self.server, self.json).await,
            Some(Command::Wait { url, timeout }) => instance::wait(url, timeout).await,
            Some(Command::Seed) => {
                print!("{}", include_str!("seed.toml"));
                Ok(())
            }
            Some(Command::Check { instance, seeds }) => seeds::check(instance, &seeds).await,
            Some(Command::Export { target, file }) => target.export(file.as_deref()).await,
            Some(Command::Import { target, file }) => target.import(&file).await,
            Some(Command::Snapshot(Snapshot::Save { target, name })) => target.save(&name).await,
            Some(Command::Snapshot(Snapshot::Restore { target, name })) => target.restore(&name).await,
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// The command line. `exec` has the defaults of a test.
fn command() -> clap::Command {
    Cli::command().mut_subcommand("exec", |exec| {
        exec.mut_arg("addr", |addr| addr.default_value("127.0.0.1:0"))
            .mut_arg("data", |data| data.default_value("memory"))
    })
}

fn without_empty_variables(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|argument| {
        let is_empty = argument
            .get_env()
            .and_then(env::var_os)
            .is_some_and(|value| value.is_empty());
        if is_empty { argument.env(None) } else { argument }
    });
    command.mut_subcommands(without_empty_variables)
}

/// The message of an error without the usage and the hints, in one line.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    match error.kind() {
        ErrorKind::ValueValidation => line.to_owned(),
        _ => format!("{line} (see local-clerk --help)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_option_is_documented_with_its_variable() {
        for document in [
            include_str!("../README.md"),
            include_str!("../docs/local-clerk.md"),
        ] {
            for argument in command()
                .get_arguments()
                .filter(|argument| argument.get_env().is_some())
            {
                let option = argument.get_long().unwrap();
                let variable = argument.get_env().unwrap().to_str().unwrap();
                let row = format!("| `--{option}` | `{variable}` |");
                assert!(document.contains(&row), "{row}");
            }
        }
    }

    #[test]
    fn every_command_is_documented() {
        let reference = include_str!("../docs/local-clerk.md");
        for command in command().get_subcommands() {
            let row = format!("| `local-clerk {}", command.get_name());
            assert!(reference.contains(&row), "{row}");
        }
    }

    #[test]
    fn rejects_values_in_one_line_that_names_the_setting() {
        for (flag, value, variable) in [
            ("--addr", "localhost:5002", "LOCAL_CLERK_ADDR"),
            ("--instance", "staging", "LOCAL_CLERK_INSTANCE"),
            ("--webhook-url", "nowhere", "LOCAL_CLERK_WEBHOOK_URL"),
            ("--app-url", "localhost:3000", "LOCAL_CLERK_APP_URL"),
            ("--allowed-hosts", "*.app.test", "LOCAL_CLERK_ALLOWED_HOSTS"),
            ("--allowed-hosts", "http://app.test", "LOCAL_CLERK_ALLOWED_HOSTS"),
            ("--token-lifetime", "soon", "LOCAL_CLERK_TOKEN_LIFETIME"),
        ] {
            let error = Cli::try_parse_from(["local-clerk", flag, value]).unwrap_err();
            let line = one_line(&error);
            assert!(
                line.contains(flag) && line.contains(variable) && line.contains(value),
                "{line}"
            );
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
