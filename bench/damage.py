"""Damages the sample files of every format at random and reads each: nothing may crash or hang, and each must end with a reason.

What is drawn is decided by the seed alone. After each batch an undamaged mail has to be read as ever.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.reading import read_all, readers, survey
from ingest.records import Reading, text_of
from tests.exports import DANA, MARTA, mail

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "tests" / "data" / "harborlight"
BATCH = 250
CONTROL = "zz control.eml"
WORDS = "The control mail is read as ever."
LOST = frozenset({"reader_died", "too_slow", "too_large_in_memory"})
"""What a worker was lost over: counted, for a sound reader never loses one."""
FAULT = re.compile(r"^Reading .{1,60} failed \(\w+\);")
"""How a fault of ours is told, where a reader raised something; words of the file itself may say "failed" too."""

Cut = Callable[[bytes, bytes, random.Random], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(description="Damage the sample files at random and read them all.")
    parser.add_argument("--variants", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baton-damage-") as folder:
        troubles, states = damage(Path(folder), options.variants, options.seed)
    for trouble in troubles:
        print(f"{trouble} (--seed {options.seed})")
    print(
        f"damage: {options.variants} variants, {len(troubles)} troubles (--seed {options.seed}); "
        + ", ".join(f"{n} {s}" for s, n in states.most_common())
    )
    sys.exit(1 if troubles else 0)


def damage(folder: Path, variants: int, seed: int) -> tuple[list[str], Counter[str]]:
    """What went wrong, and how many files ended in which state."""
    chance = random.Random(seed)
    originals = [file for file in sorted(SOURCES.rglob("*")) if file.is_file() and "golden" not in file.parts]
    troubles: list[str] = []
    states: Counter[str] = Counter()
    with readers() as workers:
        for start in range(0, variants, BATCH):
            batch = folder / f"batch-{start}"
            names = [_write(batch, number, originals, chance) for number in range(start, min(start + BATCH, variants))]
            control = batch / "control" / CONTROL
            control.parent.mkdir(parents=True)
            control.write_bytes(mail(DANA, MARTA, WORDS, id=f"control-{start}"))
            found = survey([batch])
            ended = {failure.file: "set aside" for failure in found.failures}
            for group, reading in zip(found.groups, read_all(found.groups, workers), strict=True):
                ended |= {file.name: _state(reading) for file in group.files}
                troubles += [f"{group.files[0].name}: no word on what became of it"] if reading == Reading() else []
                troubles += [f"{f.file}: {f.reason}" for f in reading.failures if f.reason in LOST or FAULT.search(f.detail)]
                troubles += [
                    f"{f.file}: no word on what to do" for f in (*reading.failures, *reading.notices) if not f.reason or not f.detail
                ]
                if group.files[0].name.endswith(CONTROL) and [text_of(i) for i in reading.interactions] != [WORDS]:
                    troubles.append(f"the control after variant {start} is not read")
            troubles += [f"{name}: vanished" for name in names if name not in ended]
            states.update(ended.values())
            shutil.rmtree(batch)
    return troubles, states


def _state(reading: Reading) -> str:
    if reading.interactions or reading.accounts or reading.people or reading.deals:
        return "read in part" if reading.failures else "read with a notice" if reading.notices else "read"
    return "set aside" if reading.failures else "nothing in it"


def _write(batch: Path, number: int, originals: Sequence[Path], chance: random.Random) -> str:
    """A damaged copy in a folder of its own, with what stands beside the original; its name below the batch."""
    original, other = chance.choice(originals), chance.choice(originals)
    data = original.read_bytes()
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(CUTS)(data, other.read_bytes(), chance)
    place = batch / f"{number:05}" / original.name
    place.parent.mkdir(parents=True)
    if data.strip():
        place.write_bytes(data)
    else:
        place.write_bytes(b"")
    return place.relative_to(batch).as_posix()


def _truncated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flipped(data: bytes, other: bytes, chance: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(chance.choice((1, 8, 64)) if held else 0):
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


def _spliced(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _repeated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start : start + chance.randrange(2000)] * chance.choice((2, 5, 50)) + data[start:]


def _left_out(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(2000) :]


def _recoded(data: bytes, other: bytes, chance: random.Random) -> bytes:
    text = data.decode(chance.choice(("utf-8", "cp1252", "latin-1")), "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "cp1252", "shift_jis", "utf-7", "utf-8-sig")), "replace")


def _relabelled(data: bytes, other: bytes, chance: random.Random) -> bytes:
    for charset in (b"utf-8", b"UTF-8", b"iso-8859-1", b"windows-1252"):
        data = data.replace(b"charset=" + charset, b"charset=" + chance.choice((b"x-none", b"utf-16", b"idna", b"base64", b'"\xff"')))
    return data


def _nested(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A mail in a mail in a mail, or brackets in brackets."""
    deep = chance.choice((2, 30, 2000))
    if data[:1] in (b"{", b"["):
        return b'{"a":[' * deep + data + b"]}" * chance.choice((deep, 0))
    return b"From: a@b.example\nTo: c@d.example\nContent-Type: message/rfc822\n\n" * deep + data


CUTS: tuple[Cut, ...] = (_truncated, _flipped, _spliced, _repeated, _left_out, _recoded, _relabelled, _nested)

if __name__ == "__main__":
    main()
