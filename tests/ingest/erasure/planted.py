"""A home with two customers, one of whom is full of words that nobody else has; and a slow, plain search for them in every file."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.brief.shelf import current_brief
from assistant.conversation import converse
from assistant.wiring import Kit
from ingest.archive.rows import Opinion
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, gong, mail, neutral, note, salesforce, talk, under

KESTREL, PETRA = "Kestrel Qwylanth Foods", "Petra Zvolensky <petra.zvolensky@qwylanth.example>"
JONAS = "Jonas Bexhill <jonas.bexhill@qwylanth.example>"

WORDS = {
    "account name": "Kestrel Qwylanth",
    "domain": "qwylanth.example",
    "person": "Petra Zvolensky",
    "address": "petra.zvolensky@",
    "mail body": "vermilion ostrichfeather",
    "subject": "marzipan obelisk",
    "attachment": "cinnamon xylograph",
    "her attachment": "rhododendron conditions",
    "attachment's name": "thimblerig-ledger",
    "transcript": "zucchetto parliament",
    "note": "quagmire sassafras",
    "CRM field": "Wombat rollout",
    "held file": "gossamer-pending",
    "failed file": "failed-qwylanth-pumpernickel",
    "question": "ask about hollyhock",
    "earlier wording": "earlier wording burgundy",
    "feedback": "grenadine feedback",
    "mixed file": "jabberwock in a mixed file",
}
"""What was planted, by where."""
PETRAS = "petra.zvolensky@qwylanth.example"
HER_WORDS = {
    "name": "Petra Zvolensky",
    "family name": "Zvolensky",
    "address": "petra.zvolensky@",
    "said in a call": "zucchetto parliament",
    "written": "accept the vermilion",
    "attached": "rhododendron conditions",
}
"""What is hers alone, by where."""
SUBJECT, ATTACHED = "The marzipan obelisk offer", {"thimblerig-ledger.pdf": "cinnamon xylograph terms"}
HERS = {"hers.pdf": "rhododendron conditions of hers"}
EARLIER = "The earlier wording burgundy lanterns stood here first."


def files(wording: str = "We settled on the second wording.") -> Mapping[str, str | bytes]:
    kestrel = salesforce(
        KESTREL, "qwylanth.example", mark="K", contacts=(PETRA, JONAS), notes=["The quagmire sassafras budget sits with Petra Zvolensky."],
        deals=(("Wombat rollout, 4 sites", "2026-03-05", "2026-10-14"),),
    )  # fmt: skip
    halden = salesforce(mark="H", notes=["Budget holder is Jonas Beck."])
    crm = {name: halden[name] + "".join(kestrel[name].splitlines(keepends=True)[1:]) for name in halden}
    body = "Hi Petra,\n\nthe vermilion ostrichfeather price holds until Friday, as agreed on the call.\n\nBest,\nDana"
    answer = "Dear Dana,\n\nwe accept the vermilion ostrichfeather price for all four of our sites this year.\n\nPetra"
    return {
        **under("crm", crm),
        **under("kestrel/gong", gong("8001", "Kick-off with Kestrel Qwylanth", [
            (DANA, "The first two sites could be live by the end of January, Petra."),
            (PETRA, "The zucchetto parliament must sign off before anybody moves a single pallet."),
            (JONAS, "I would add that the old scanners are beyond repair in every one of our sites."),
        ])),
        "kestrel/mail/price.eml": mail(DANA, PETRA, body, id="k1@cartage", subject=SUBJECT, attached=ATTACHED),
        "kestrel/mail/accepted.eml": mail(
            PETRA, DANA, answer, id="k2@qwy", subject=f"Re: {SUBJECT}", on=at(9, 2), answers="k1@cartage", attached=HERS
        ),
        "kestrel/mail/failed-qwylanth-pumpernickel.json": '{"broken": ',
        "kestrel/wording.jsonl": neutral(note("w-1", wording, KESTREL)),
        "mixed/both.jsonl": neutral(
            note("x-1", "The jabberwock in a mixed file is for Kestrel alone.", KESTREL),
            talk("x-2", ("Marta Lindqvist", "Halden wants its depots live in January."), account="Halden Freight Group"),
        ),
        "mixed/gossamer-pending.eml": mail(DANA, f"{PETRA}, {MARTA}", "To two customers at once.", id="both@cartage"),
        "halden/mail/timing.eml": mail(DANA, MARTA, "Hi Marta,\n\nphone support in Swedish is free for 90 days.\n\nDana", id="m1@cartage"),
    }  # fmt: skip


def plant(desk: Desk) -> None:
    """Read twice, so that there is an earlier wording; asked, answered and briefed."""
    desk.write(files(EARLIER))
    desk.ingest()
    desk.write(files())
    desk.ingest()
    with desk.kit(write=True) as kit:
        for name in ("Kestrel", "Halden"):
            account = kit.archive.account(EVERYTHING, name)
            asked = "ask about hollyhock" if name == "Kestrel" else "ask about depots"
            answer = converse(kit, account.id, f"What did we {asked} and the January prices?", thread_id=f"thr_{name}")
            wrong = "No, the zucchetto parliament signs; grenadine feedback." if name == "Kestrel" else "Depots were asked for."
            kit.archive.add_opinion(Opinion(answer.id, account.id, "usr_somebody", kit.archive.now(), "down", ("wrong",), wrong))
            current_brief(kit, account.id)
    (desk.home / "serve.log").write_text("asked by somebody about the zucchetto parliament\nasked about depots\n")


def forms(word: str) -> Iterable[bytes]:
    for one in {word, word.lower(), word.upper()}:
        plain = one.encode()
        yield plain
        yield one.encode("utf-16-le")
        yield one.encode("utf-16-be")
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + plain + b"\0" * 3)
            yield whole[4 : len(plain) // 3 * 4 - 4]


def left(home: Path, words: Mapping[str, str] = WORDS) -> dict[str, list[str]]:
    """Files in which, or in whose names, each word is found in any form."""
    found: dict[str, list[str]] = {}
    contents = {path: path.read_bytes() + str(path.relative_to(home)).encode() for path in home.rglob("*") if path.is_file()}
    for what, word in words.items():
        wanted = list(forms(word))
        places = [path.name for path, data in contents.items() if any(form in data or form in data.lower() for form in wanted)]
        if places:
            found[what] = sorted(set(places))
    return found


def vectors_of(kit: Kit, account_id: str) -> list[bytes]:
    """The vectors and the rows of token vectors of everything that can be found of an account."""
    held = kit.archive.embeddings(EVERYTHING.only(account_id), kit.home.model)
    return [each.vector.tobytes() for each in held.values()] + [each.tokens.tobytes() for each in held.values()]


def holding(home: Path, wanted: Iterable[bytes]) -> int:
    contents = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    return sum(any(each in data for data in contents) for each in wanted)


def everything_kept(desk: Desk) -> str:
    """Of the other customer: all that can be read and found, as one comparable text."""
    with desk.open() as home:
        scope = EVERYTHING.only(home.archive.account(EVERYTHING, "Halden").id)
        return json.dumps(
            [
                [[i.source.title, i.text, [p.name for p in i.participants]] for i in home.archive.interactions(scope)],
                sorted(p.text for p in home.archive.passages(scope)),
                len(home.archive.thread(scope, "thr_Halden")),
                len(home.archive.briefs(scope)),
                [opinion.text for opinion in home.archive.opinions(scope)],
            ]
        )
