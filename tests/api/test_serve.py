"""The server as a process of its own: it starts, its printed link signs in, and Ctrl-C stops it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

import httpx2
import pytest

from api.serve import CannotServe, serve
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from tests.api.served import fill

START = "import sys; from pathlib import Path; from api.serve import serve; serve(Path(sys.argv[1]), port=0)"


def greeting(said: IO[str]) -> str:
    """All up to the link to sign in by; what is read anew at the start is said before it."""
    lines = []
    for line in said:
        lines.append(line)
        if "/sign-in#" in line:
            break
    return "".join(lines)


def test_the_printed_link_signs_in_once_and_ctrl_c_stops_the_server(tmp_path: Path) -> None:
    with Archive.open(tmp_path, write=True) as archive:
        fill(archive)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    process = subprocess.Popen([sys.executable, "-c", START, str(tmp_path)], stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stderr is not None
        said = greeting(process.stderr)
        link = re.search(r"(http://127\.0\.0\.1:\d+)/sign-in#(\S+)", said)
        assert link is not None, said
        base, code = link.groups()
        with httpx2.Client(base_url=base, headers={"Origin": base}, trust_env=False) as browser:
            assert browser.get("/sign-in").status_code == 200
            assert browser.get("/api/v1/accounts").status_code == 401
            assert browser.post("/api/v1/session", json={"code": code}).status_code == 204
            assert [item["name"] for item in browser.get("/api/v1/accounts").json()["items"]] == [
                "Brightwell Dental",
                "Halden Freight Group",
            ]
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    finally:
        process.kill()
        process.wait()
    with Archive.open(tmp_path, write=True) as archive:
        assert len(archive.accounts(EVERYTHING)) == 2  # the lock is free again


def test_keys_and_people_come_and_go_while_the_server_runs(tmp_path: Path) -> None:
    with Archive.open(tmp_path, write=True) as archive:
        fill(archive)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}

    def baton(*arguments: str) -> str:
        command = [sys.executable, "-c", "from api.cli import main; main()", *arguments, "--home", str(tmp_path)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    process = subprocess.Popen([sys.executable, "-c", START, str(tmp_path)], stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stderr is not None
        base = re.findall(r"http://127\.0\.0\.1:\d+", greeting(process.stderr))[0]
        key = baton("keys", "create", "while it runs")
        link = baton("invite", "priya@cartage.example", "--account", "halden")
        with httpx2.Client(base_url=base, trust_env=False) as program, httpx2.Client(base_url=base, trust_env=False) as browser:
            program.headers["Authorization"], browser.headers["Origin"] = f"Bearer {key}", base
            assert browser.post("/api/v1/session", json={"code": link.partition("#")[2]}).status_code == 204
            assert [len(each.get("/api/v1/accounts").json()["items"]) for each in (program, browser)] == [2, 1]
            baton("users", "set", "priya@cartage.example", "--all")
            assert len(browser.get("/api/v1/accounts").json()["items"]) == 2
            baton("keys", "revoke", key[:11])
            baton("users", "suspend", "priya@cartage.example")
            assert [each.get("/api/v1/accounts").status_code for each in (program, browser)] == [401, 401]
    finally:
        process.kill()
        process.wait()
    assert '"whole": true' in baton("audit", "--verify", "--json")


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotServe, match="choose another --port"):
        serve(tmp_path, "127.0.0.1", taken.getsockname()[1])
