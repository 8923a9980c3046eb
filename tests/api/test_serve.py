"""The server as a process of its own: it starts, its printed link signs in, and Ctrl-C stops it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from api.serve import CannotServe, serve
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from tests.api.served import fill

START = "import sys; from pathlib import Path; from api.serve import serve; serve(Path(sys.argv[1]), port=0)"


def test_the_printed_link_signs_in_once_and_ctrl_c_stops_the_server(tmp_path: Path) -> None:
    with Archive.open(tmp_path, write=True) as archive:
        fill(archive)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    process = subprocess.Popen([sys.executable, "-c", START, str(tmp_path)], stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stderr is not None
        said = process.stderr.readline() + process.stderr.readline()
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


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotServe, match="choose another --port"):
        serve(tmp_path, "127.0.0.1", taken.getsockname()[1])
