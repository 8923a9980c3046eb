"""`python -m bench.local_model`: installs the small model, serves it on loopback and runs the evaluation with it beside the one without.

Takes 2.3 GB of disk the first time and, on two cores, a minute or more a question. Linux on x86-64 alone: that is what its runtime
comes for.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

from eval.__main__ import main as evaluate

HERE = Path(__file__).resolve().parent
KEPT = user_cache_path("baton") / "local_model"
"""Environment and model; outside the checkout, whose checks would read the libraries in it."""
RUNS = HERE.parent / "results"
NAME = "qwen2.5-coder-1.5b-instruct-q4"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.local_model", description=__doc__)
    parser.add_argument("--questions", type=int, default=24, help="about so many of the labelled questions (default 24)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--evidence", type=int, default=700, help="tokens of evidence a question: the model reads slowly (default 700)")
    parser.add_argument("--serve", action="store_true", help="serve alone, until Ctrl-C, and print what to set")
    given = parser.parse_args()
    python = _environment(KEPT / "venv")
    key, port = secrets.token_hex(16), _free_port()
    settings = {
        "BATON_MODEL_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "BATON_MODEL_NAME": NAME,
        "BATON_MODEL_KEY": key,
        "BATON_MODEL_FIRST_TOKEN_S": "900",
        "BATON_MODEL_TOTAL_S": "1200",
        "BATON_MODEL_MAX_TOKENS": "300",
        "BATON_MODEL_CONTEXT_TOKENS": "3500",
        "BATON_MODEL_EVIDENCE_TOKENS": str(given.evidence),
        "BATON_MODEL_AT_ONCE": "1",
    }
    with _served(python, port, given.threads, {**os.environ, "BATON_MODEL_KEY": key}) as server:
        if given.serve:
            print("\n".join(f"export {name}={value}" for name, value in settings.items()), flush=True)
            return server.wait()
        os.environ.update(settings)
        return evaluate(["--model", "--sample", str(given.questions), "--out", str(RUNS), "--worst", "5"])


def _environment(folder: Path) -> Path:
    """The Python of an environment that holds the model; Baton's own stays as it is."""
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        uv = shutil.which("uv")
        pip = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install", "--no-input"]
        subprocess.run([*pip, "--quiet", "--no-deps", "--require-hashes", "-r", str(HERE / "requirements.txt")], check=True)
        done.touch()
    return python


@contextmanager
def _served(python: Path, port: int, threads: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [str(python), str(HERE / "serve.py"), "--cache", str(KEPT), "--port", str(port), "--threads", str(threads)]
    with (KEPT / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True)
    try:
        assert server.stdout is not None
        if not server.stdout.readline().startswith("http"):
            raise SystemExit(f"the model could not be served; {KEPT / 'server.log'} says why")
        yield server
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
