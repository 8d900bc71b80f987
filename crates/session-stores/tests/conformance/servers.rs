//! Redis and PostgreSQL on free ports, with their data in temporary directories. `scripts/databases.sh` provides the
//! programs.

use std::{
    env, fs,
    hash::{BuildHasher, RandomState},
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

pub(crate) const PASSWORD: &str = "correct-horse";

/// Longer than a server takes to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The user whom PostgreSQL runs as if the tests run as root, which it refuses.
const NOBODY: u32 = 65534;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Redis,
    Postgres,
}

/// A server that is killed when it is dropped.
pub(crate) struct Server {
    kind: Kind,
    port: u16,
    directory: PathBuf,
    process: Option<Child>,
}

impl Server {
    pub(crate) fn redis() -> Self {
        Self::new(Kind::Redis)
    }

    pub(crate) fn postgres() -> Self {
        Self::new(Kind::Postgres)
    }

    fn new(kind: Kind) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let name = format!("session-stores-{:x}", RandomState::new().hash_one(port));
        let directory = env::temp_dir().join(name);
        fs::create_dir(&directory).unwrap();
        let mut server = Self {
            kind,
            port,
            directory,
            process: None,
        };
        if kind == Kind::Postgres {
            server.create_cluster();
        }
        server.start();
        server
    }

    /// The location for `Location::parse`.
    pub(crate) fn url(&self) -> String {
        self.url_with(PASSWORD)
    }

    pub(crate) fn url_with(&self, password: &str) -> String {
        let port = self.port;
        match self.kind {
            Kind::Redis => format!("redis://:{password}@127.0.0.1:{port}/1"),
            Kind::Postgres => format!("postgres://app:{password}@127.0.0.1:{port}/postgres"),
        }
    }

    fn create_cluster(&self) {
        let password_file = self.directory.join("password");
        fs::write(&password_file, PASSWORD).unwrap();
        if runs_as_root() {
            std::os::unix::fs::chown(&self.directory, Some(NOBODY), Some(NOBODY)).unwrap();
            std::os::unix::fs::chown(&password_file, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let created = self
            .command("initdb")
            .arg("--pgdata")
            .arg(self.directory.join("data"))
            .arg("--pwfile")
            .arg(password_file)
            .args([
                "--username=app",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&created.stderr);
        assert!(created.status.success(), "initdb failed: {errors}");
    }

    /// Starts the server, again on the same port and with the same data, and waits until it is ready.
    pub(crate) fn start(&mut self) {
        let port = self.port.to_string();
        let (mut command, ready) = match self.kind {
            Kind::Redis => {
                let mut command = self.command("redis-server");
                command
                    .args(["--bind", "127.0.0.1", "--port", &port, "--requirepass", PASSWORD])
                    .args(["--appendonly", "yes", "--appendfsync", "always", "--save", ""])
                    .arg("--dir")
                    .arg(&self.directory);
                (command, "Ready to accept connections")
            }
            Kind::Postgres => {
                let mut command = self.command("postgres");
                command
                    .arg("-D")
                    .arg(self.directory.join("data"))
                    .arg("-k")
                    .arg(&self.directory)
                    .args([
                        "-h",
                        "127.0.0.1",
                        "-p",
                        &port,
                        "-c",
                        "jit=off",
                        "-c",
                        "shared_buffers=16MB",
                    ])
                    .args(["-c", "timezone=GMT", "-c", "log_timezone=GMT"]);
                (command, "database system is ready to accept connections")
            }
        };
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        let outputs: [Box<dyn Read + Send>; 2] = [
            Box::new(process.stdout.take().unwrap()),
            Box::new(process.stderr.take().unwrap()),
        ];
        for output in outputs {
            let sender = sender.clone();
            // Reads on after the server is ready, so that it can write on.
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        drop(sender);
        self.process = Some(process);
        let mut log = String::new();
        loop {
            let line = lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("the server does not start: {log}"));
            if line.contains(ready) {
                return;
            }
            log += &line;
            log.push('\n');
        }
    }

    /// Stops the server without any warning to its clients.
    pub(crate) fn kill(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        match self.kind {
            Kind::Redis => process.kill().unwrap(),
            // Killed, it would leave processes behind that keep the next one from starting. This is as abrupt.
            Kind::Postgres => {
                let pid = process.id().to_string();
                let killed = Command::new("kill").args(["-QUIT", &pid]).status().unwrap();
                assert!(killed.success());
            }
        }
        process.wait().unwrap();
    }

    /// A program of the database, from `.tools/databases` or else from `PATH`.
    fn command(&self, program: &str) -> Command {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|directory| directory.join(".tools/databases"))
            .find(|directory| directory.exists());
        let tools = tools.unwrap_or_default();
        let mut candidates = vec![tools.join("usr/bin").join(program)];
        for version in entries(&tools.join("usr/lib/postgresql")) {
            candidates.push(version.join("bin").join(program));
        }
        for directory in env::split_paths(&env::var_os("PATH").unwrap_or_default()) {
            candidates.push(directory.join(program));
        }
        let found = candidates.into_iter().find(|candidate| candidate.exists());
        let found = found.unwrap_or_else(|| panic!("{program} is missing: run scripts/databases.sh"));
        let as_nobody = self.kind == Kind::Postgres && runs_as_root();
        let mut command = if as_nobody {
            let mut command = Command::new("setpriv");
            command
                .args([
                    &format!("--reuid={NOBODY}"),
                    &format!("--regid={NOBODY}"),
                    "--clear-groups",
                    // The programs may be in a directory of root.
                    "--inh-caps=+dac_override",
                    "--ambient-caps=+dac_override",
                    "--",
                ])
                .arg(&found);
            command
        } else {
            Command::new(&found)
        };
        let libraries =
            entries(&tools.join("usr/lib")).filter(|path| path.to_string_lossy().ends_with("-linux-gnu"));
        if let Ok(libraries) = env::join_paths(libraries)
            && found.starts_with(&tools)
        {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command.current_dir(&self.directory);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn entries(directory: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(directory).ok().into_iter().flatten();
    entries.map_while(Result::ok).map(|entry| entry.path())
}

fn runs_as_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
