"""Snippets of 35 deals with questions, as a slice: does search find the line that answers, of deals that nothing was ever fitted on?

`data/sentences/scenes.txt` holds the deals one after the other: `# deal: …`, then scenes, each opened by `@ KIND DAY`. A line of a scene
is `B Name: words` or `S Name: words` for a turn, a paragraph of a mail or a note, `D words` for a clause of a paper. Its questions follow,
`? question | 3,5`: the lines of the scene, from 1, any of which answers; `-` where nothing in the deal does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from eval.command import DATA
from eval.slices import Asked, Document, Slice, Turn
from ingest.records import Kind

SCENES = "scenes"
FILE = DATA / "sentences" / "scenes.txt"
MORE = DATA / "sentences" / "scenes_more.txt"
"""40 deals by other hands, to fit on; those of `FILE` tell what that is worth."""
KINDS: Mapping[str, Kind] = {"call": "call", "mail": "email", "note": "crm_note", "order": "doc"}
_LINE = re.compile(r"[BSD] (?:(?P<who>[^:]{1,40}): )?(?P<words>.+)")
_QUESTION = re.compile(r"\? (?P<asked>.+) \| (?P<lines>-|\d+(?:, ?\d+)*)")


class BadScenes(ValueError):
    """A line that is none of the file's; the message says which."""


@dataclass(slots=True)
class _Scene:
    id: str
    kind: Kind
    at: datetime
    turns: list[Turn] = field(default_factory=list)


def scenes(file: Path = FILE) -> Slice:
    accounts: dict[str, list[_Scene]] = {}
    questions: list[Asked] = []
    deal = ""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("#"):
            deal = f"deal {len(accounts) + 1}"
            accounts[deal] = []
        elif line.startswith("@"):
            _, kind, day = line.split()[:3]
            if kind not in KINDS:
                raise BadScenes(f"line {number}: {kind} is none of {', '.join(KINDS)}")
            name = f"{deal}, scene {len(accounts[deal]) + 1}"
            accounts[deal].append(_Scene(name, KINDS[kind], datetime.fromisoformat(day).replace(tzinfo=UTC)))
        elif said := _LINE.fullmatch(line):
            scene = accounts[deal][-1]
            scene.turns.append(Turn(f"{scene.id}#{len(scene.turns) + 1}", said["who"] or "", said["words"]))
        elif asked := _QUESTION.fullmatch(line):
            questions.append(_asked(f"{SCENES} {len(questions) + 1}", deal, accounts[deal][-1], asked, number))
        else:
            raise BadScenes(f"line {number}: {line[:40]}")
    about = "35 deals in snippets, by another hand; nothing was fitted on them"
    return Slice(SCENES, "turn", {name: tuple(_documents(found)) for name, found in accounts.items()}, tuple(questions), about)


def _asked(id: str, deal: str, scene: _Scene, asked: re.Match[str], number: int) -> Asked:
    lines = [int(one) for one in asked["lines"].split(",")] if asked["lines"] != "-" else []
    if any(not 1 <= one <= len(scene.turns) for one in lines):
        raise BadScenes(f"line {number}: the scene has {len(scene.turns)} lines")
    answer = frozenset({"answer"})
    gold = {scene.turns[one - 1].id: answer for one in lines}
    return Asked(id, deal, asked["asked"], scene.kind, gold, answerable=bool(lines))


def _documents(found: list[_Scene]) -> Iterator[Document]:
    for scene in sorted(found, key=lambda one: one.at):
        yield Document(scene.id, scene.kind, scene.id, scene.at, tuple(scene.turns))
