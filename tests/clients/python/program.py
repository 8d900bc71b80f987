"""Starts `leptos-with-clerk local-clerk`."""

import contextlib
import os
import pathlib
import subprocess

SEED = pathlib.Path(__file__).parent.parent / "seed.toml"


@contextlib.contextmanager
def running():
    """The environment that it prints."""
    passed = {name: os.environ[name] for name in ("PATH", "LOCAL_CLERK_RECORD") if name in os.environ}
    variables = passed | {
        "LOCAL_CLERK_ADDR": "127.0.0.1:0",
        "LOCAL_CLERK_DATA": "memory",
        "LOCAL_CLERK_SEED": str(SEED),
        "RUST_LOG": "warn",
    }
    command = [os.environ["LOCAL_CLERK_PROGRAM"], "local-clerk"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as program:
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
