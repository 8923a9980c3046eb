"""Edits, removes and adds files of the sample deals in a loop, ingests and asks after each, and checks what must always hold.

It stops at the first broken promise with the seed that leads there again.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from assistant.answers import Answer, Question
from assistant.asking import ask
from assistant.wiring import open_kit
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.opened import Home
from ingest.sync import sync
from ingest.wiring import open_home

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
QUESTIONS = ("What did we promise about the go-live date?", "Who signs the contract?", "What is the price?", "Which risks were named?")


class Broken(Exception):
    """Something that must always hold did not; the message says what."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Edit, ingest and ask in a loop, and check that nothing goes stale.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baton-soak-") as folder:
        try:
            rounds, answers = soak(Path(folder), random.Random(options.seed), monotonic() + options.seconds)
        except Broken as broken:
            sys.exit(f"soak: {broken} (--seed {options.seed})")
    print(f"soak: {rounds} rounds of edits, {answers} answers, nothing stale and every citation exact")


def soak(folder: Path, chance: random.Random, until: float) -> tuple[int, int]:
    files, home_folder = folder / "files", folder / "home"
    shutil.copytree(SAMPLES, files)
    rounds = answers = 0
    while monotonic() < until:
        word = f"zebrafish{rounds}"
        change = chance.choice(CHANGES)(files, word, chance)
        with open_home(home_folder, write=True) as home:
            sync(home, [files])
            again = sync(home, [files])
            if (again.new, again.changed, again.removed, again.embedded) != (0, 0, 0, 0):
                raise Broken(f"round {rounds} ({change}): a second run over the same files changed something: {again}")
            check_indexes(home, f"round {rounds} ({change})")
            check_edits(home.archive, files, f"round {rounds} ({change})")
        with open_home(home_folder, write=False) as home:
            kit = open_kit(home)
            for account in home.archive.accounts(EVERYTHING):
                check_answer(home.archive, account.id, ask(kit, Question(chance.choice(QUESTIONS), account.id)))
                answers += 1
        rounds += 1
    return rounds, answers


def add_mail(files: Path, word: str, chance: random.Random) -> str:
    """A copy of a mail with another Message-ID and a word that stands nowhere else."""
    mail = chance.choice(_mails(files))
    head, _, body = mail.read_text(encoding="utf-8", errors="surrogateescape").partition("\n\n")
    lines = [f"Message-ID: <{word}@soak.example>" if line.lower().startswith("message-id:") else line for line in head.splitlines()]
    _write(mail.with_name(f"{word}.eml"), "\n".join(lines) + f"\n\nThe launch word is {word}.\n\n{body}")
    return f"added {word}.eml"


def edit_mail(files: Path, word: str, chance: random.Random) -> str:
    ours = sorted(files.rglob("zebrafish*.eml"))
    if not ours:
        return add_mail(files, word, chance)
    mail = chance.choice(ours)
    text = mail.read_text(encoding="utf-8", errors="surrogateescape")
    old = next(line for line in text.splitlines() if line.startswith("The launch word is "))
    _write(mail, text.replace(old, f"The launch word is {word}."))
    return f"edited {mail.name}"


def remove_mail(files: Path, word: str, chance: random.Random) -> str:
    ours = sorted(files.rglob("zebrafish*.eml"))
    if not ours:
        return add_mail(files, word, chance)
    mail = chance.choice(ours)
    mail.unlink()
    return f"removed {mail.name}"


CHANGES: tuple[Callable[[Path, str, random.Random], str], ...] = (add_mail, edit_mail, remove_mail)


def check_indexes(home: Home, when: str) -> None:
    """What can be found is what the archive holds, in both indexes, account by account."""
    for account in home.archive.accounts(EVERYTHING):
        held = {passage.id for passage in home.archive.passages(EVERYTHING.only(account.id))}
        for name, index in (("words", home.words), ("vectors", home.vectors)):
            if index is not None and (found := index.ids(account.id)) != held:
                raise Broken(f"{when}: {account.name}: {name} lacks {len(held - found)} passages and holds {len(found - held)} too many")


def check_edits(archive: Archive, files: Path, when: str) -> None:
    """Exactly the launch words that stand in a file are still in the archive."""
    written = {line for mail in files.rglob("zebrafish*.eml") for line in _launch_lines(mail.read_text(encoding="utf-8", errors="replace"))}
    held = {line for passage in archive.passages(EVERYTHING) for line in _launch_lines(passage.text)}
    if written != held:
        raise Broken(f"{when}: missing {sorted(written - held)}, stale {sorted(held - written)}")


def check_answer(archive: Archive, account_id: str, answer: Answer) -> None:
    scope = EVERYTHING.only(account_id)
    for citation in answer.citations:
        text = archive.interaction(scope, citation.interaction_id).text  # raises for another account's
        if text[citation.span.start : citation.span.end] != citation.exact:
            raise Broken(f"{answer.question.text}: citation {citation.id} is not a slice of its source")


def _launch_lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.startswith("The launch word is ")}


def _mails(files: Path) -> list[Path]:
    """Plain ones only, which can be edited as text."""
    return [mail for mail in sorted(files.rglob("*.eml")) if not mail.name.startswith("zebrafish") and _is_plain(mail)]


def _is_plain(mail: Path) -> bool:
    head = mail.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0].lower()
    return "content-type: text/plain" in head and not any(coded in head for coded in ("base64", "quoted-printable"))


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", errors="surrogateescape")


if __name__ == "__main__":
    main()
