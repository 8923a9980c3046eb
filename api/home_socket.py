"""The socket in a home by which commands on the same machine find the server that holds it; what they say to it is `api.side_door`'s."""

from __future__ import annotations

import json
import socket
from pathlib import Path

FILE = ".server"
MOST_PATH = 100
"""Bytes of the socket's path: Linux takes 107, macOS 103. In a home that lies deeper there is none."""
PATIENCE_S = 5.0


def fits(home: Path) -> bool:
    return len(bytes(home / FILE)) <= MOST_PATH


def is_there(home: Path) -> bool:
    return (home / FILE).is_socket()


def connected(home: Path) -> socket.socket | None:
    """None where nobody listens: no server, an older one, or one that is stopping."""
    if not fits(home):
        return None
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(str(home / FILE))
    except OSError:
        line.close()
        return None
    return line


def served_at(home: Path) -> str | None:
    """The address at which people reach the server that holds this home."""
    if (line := connected(home)) is None:
        return None
    with line:
        line.settimeout(PATIENCE_S)
        try:
            line.sendall(b'{"where": {}}\n')
            with line.makefile(encoding="utf-8") as spoken:
                return str(json.loads(spoken.readline())["where"])
        except (OSError, ValueError, KeyError):
            return None
