"""A PostgreSQL server of a test's own: a new cluster on a free local port, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

REQUIRED = "PLANNER_REQUIRE_POSTGIS"
FAST = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nlisten_addresses='127.0.0.1'\n"


def binaries():
    """Return the folder of initdb and pg_ctl, or say why there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    postgis = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    if found and postgis:
        return found[-1].parent
    missing = "PostgreSQL" if not found else "PostGIS"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{missing} is absent, but {REQUIRED}=1")
    return pytest.skip(f"{missing} is absent: the database cannot be tried")


class Server:
    """A running cluster with a user ``boss`` and a database with PostGIS, ``gis``."""

    def __init__(self, folder, bin_folder, port, account):
        self.folder, self.bin, self.port, self.account = folder, bin_folder, port, account

    def run(self, *command):
        """Run one of its programs as the account that owns the cluster."""
        as_account = ["runuser", "-u", self.account, "--"] if self.account else []
        program = str(self.bin / command[0])
        done = subprocess.run(
            [*as_account, program, *command[1:]],
            capture_output=True, text=True, check=False, cwd="/",
            env=os.environ | {"PGPASSWORD": "boss-secret", "LC_ALL": "C"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def sql(self, command, database="gis"):
        """Run SQL as ``boss`` and return what it prints."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "boss", "-d", database]
        return self.run("psql", *where, "-X", "-v", "ON_ERROR_STOP=1", "-At", "-c", command)

    def address(self, user="boss", password="boss-secret", database="gis", query=""):  # noqa: S107
        """Return the address that ``--to`` takes."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}{query}"


@contextlib.contextmanager
def running_server():
    """Start a cluster and stop it; PostgreSQL refuses root, so root asks another account."""
    bin_folder = binaries()
    account = _account() if os.geteuid() == 0 else ""
    folder = Path(tempfile.mkdtemp(prefix="planner-pg-"))
    if account:
        shutil.chown(folder, account)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(folder, bin_folder, port, account)
    try:
        (folder / "password").write_text("boss-secret", encoding="utf-8")
        (folder / "password").chmod(0o644)
        data = str(folder / "data")
        server.run("initdb", "-D", data, "-U", "boss", f"--pwfile={folder / 'password'}",
                   "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"{FAST}port={port}\nunix_socket_directories='{folder}'\n")
        server.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "start")
        try:
            server.sql("CREATE DATABASE gis", "postgres")
            server.sql("CREATE EXTENSION postgis")
            yield server
        finally:
            server.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return pytest.skip("PostgreSQL refuses root, and there is no other account")
