"""Starts the program `local-clerk` (LOCAL_CLERK_BIN)."""

import contextlib
import os
import pathlib
import subprocess

SEED = pathlib.Path(__file__).parent.parent / "seed.toml"


@contextlib.contextmanager
def running():
    """Yields the environment that the program prints, and stops it afterwards."""
    passed = {name: os.environ[name] for name in ("PATH", "LOCAL_CLERK_RECORD") if name in os.environ}
    variables = passed | {
        "LOCAL_CLERK_ADDR": "127.0.0.1:0",
        "LOCAL_CLERK_DATA": "memory",
        "LOCAL_CLERK_SEED": str(SEED),
        "RUST_LOG": "warn",
    }
    with subprocess.Popen([os.environ["LOCAL_CLERK_BIN"]], env=variables, stdout=subprocess.PIPE, text=True) as program:
        try:
            environment = {}
            for line in program.stdout:
                if line == "ready\n":
                    break
                name, value = line.rstrip("\n").split("=", 1)
                environment[name] = value
            yield environment
        finally:
            program.terminate()
