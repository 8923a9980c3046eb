"""Where somebody else's mail begins inside a mail: header lines, "Forwarded message", "On … wrote:", runs of "> ".

Mail programs write these lines in the language of their user. Their layout is the same everywhere, so layout decides where it can:
lines of `label: value` whose labels are known, a line that names somebody and a date right above quoted lines. Words decide the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.records import Participant

_LONGEST_LINE = 400
"""An attribution or header line beyond this is not read for names."""

_Field = Literal["from", "date", "subject", "other"]

_LABELS: dict[_Field, str] = {
    "from": "from|von|de|da|di|van|från|fra|od|от|отправитель|від|від кого|lähettäjä|feladó|saatja|kimden|gönderen|šalje|expeditor"
    "|expeditorul|de la|mittente|nadawca|odesílatel|odosielateľ|remitente|expéditeur|remetente|avsändare|afsender|avsender|afzender"
    "|absender|送信元|差出人|发件人|寄件者|보낸 사람",
    "date": "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|enviada|fecha|inviato|data"
    "|verzonden|skickat|sendt|dato|lähetetty|päiväys|päivämäärä|wysłano|elküldve|dátum|trimis|dată|отправлено|дата|надіслано"
    "|відправлено|gönderilen|gönderildi|tarih|odesláno|odoslané|poslano|saadetud|kuupäev|日付|送信日時|发送时间|日期|보낸 날짜",
    "subject": "subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|tárgy|temat|predmet|předmět|subiect"
    "|subiectul|тема|konu|naslov|teema|件名|主题|主旨|제목",
    "other": "to|an|à|a|para|pour|aan|till|til|do|komu|pre|címzett|кому|kime|prima|către|destinatarul|adresat|vastaanottaja|kellele"
    "|宛先|送信先|收件人|받는 사람|cc|bcc|ccn|cci|kopie|kopia|kopio|kopi|copie|copie à|copia|másolat|копия|копія|kópia|dw|bilgi"
    "|kopie (cc)|kopija|抄送|reply-to|antwort an|répondre à|risposta|importance|priority|wichtigkeit|attachments|anlagen|cc:",
}  # fmt: skip
_FIELDS: dict[str, _Field] = {label: field for field, labels in _LABELS.items() for label in labels.split("|")}
_LABEL = re.compile(r"[\s*_]*(?P<label>[^\W\d_](?:[^\W\d_]|[ ().-]){0,24}?)[\s*]*[:：][\s*]*(?P<value>.*)$")

_FORWARD = re.compile(
    r"forward|fwd|weitergeleitet|transf[ée]r|transmis|r[ée]exp[ée]di|re[ei]nviado|reencaminhad|encaminhad|doorgestuurd|inoltrat"
    r"|vidarebefordra|videresend|välitetty|edelleenlähete|továbbított|przekaz|přepos|prepos|redirec[țt]|переслан|пересыла|перенаправлен"
    r"|переадресован|пересилається|iletil|ileti ba|proslije|edastatud|転送|转发|轉寄|전달",
    re.I,
)
_ORIGINAL = re.compile(
    r"original (?:e-?mail )?message|original (?:e-?mail|appointment)|(?:message|mensaje|mensagem) original|message d.origine"
    r"|ursprüngliche nachricht|messaggio originale|oorspronkelijk bericht|oprindelig (?:meddelelse|besked)|opprinnelig melding"
    r"|ursprungligt meddelande|alkuperäinen viesti|(?:oryginalna wiadomość|wiadomość oryginalna)|původní zpráva|eredeti üzenet"
    r"|исходное сообщение",
    re.I,
)
_RULE = re.compile(r"[\s>*]*-{2,}[\s*]*(?P<words>[^\s*-][^\n]{0,78}?)[\s*]*-{2,}[\s*]*$")
_RULE_AND_FIELD = re.compile(r"\s*-{3,}\s*(?P<words>[^\s-][^-\n]{2,58}?)\s*-{3,}\s+(?P<field>\S.*)$")
"""Yahoo sets all the headers into the line of the marker."""
_BARE_RULE = re.compile(r"\s*(?:_{10,}|-{20,})\s*$")

_WROTE = re.compile(
    r"\b(?:wrote|schrieb|a [ée]crit|escribi[óo]|escreveu|ha scritto|schreef|geschreven|napisał|napsal|napísal|skrev|kirjoitti|írta"
    r"|написал|написала|пише|писав|yazdı|a scris|je napisa[ol])(?:\(a\))?(?!\w)",
    re.I,
)
_OPENS = re.compile(
    r"[\s-]*(?:on|at|am|le|el|il|op|em|den|d\.|w dniu|dnia|dne|dňa|în|\w{2,12},?\s\d|\d{1,4}[./\s-]\s?[\w.]+|\w{3,12},\s\d)(?=[\s,.\d])",
    re.I,
)
_ENDS = re.compile(r"(?:[:：]|-{2,})\s*$")
_QUOTED = re.compile(r"\s{0,2}>(?!\s?:\s*$)")  # not the end of an address that was broken over two lines
_MARKS = re.compile(r"^(?:\s{0,2}>[ ]?)+")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PERSON = re.compile(r"\"?(?P<name>[^<\"\[(]*?)\"?\s*(?:[<\[(](?:mailto:)?(?P<email>[^>\])\s]*)[>\])].*)?$")
_IN_MARKS = re.compile(r"[\"„“](?P<name>[^\"„“”<>\d]{2,60})[\"“”]")
_BEFORE_NAME = frozenset(
    {
        "am",
        "pm",
        "a.m.",
        "p.m.",
        "uhr",
        "h",
        "schrieb",
        "at",
        "um",
        "à",
        "utc",
        "gmt",
        "cet",
        "cest",
        "est",
        "edt",
        "pst",
        "pdt",
        "г.",
        "пользователь",
    }
)
"""Words that may stand between the time and the name in an attribution line."""


@dataclass(frozen=True, slots=True)
class Block:
    """The header lines of an earlier mail, and where its text begins."""

    end: int
    author: Participant | None
    subject: str
    forwards: bool
    """A marker line above them says that the mail is forwarded."""
    marked: bool
    """The lines stand behind "> "."""


def is_quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def unquoted(line: str) -> str:
    """Without its "> ", all of them."""
    return _MARKS.sub("", line)


def without_marks(lines: Sequence[str]) -> list[str]:
    """One level of "> " off the lines that carry it, for a forwarded mail that was set as a quotation."""
    return [re.sub(r"^\s{0,2}>[ ]?", "", line) for line in lines]


def first_text(lines: Sequence[str], at: int) -> int:
    """The next line that is not blank, or the end."""
    return next((i for i in range(at, len(lines)) if lines[i].strip()), len(lines))


def run_end(lines: Sequence[str], at: int) -> int:
    """The end of a run of quoted lines; blank lines inside it belong to it."""
    end = at
    for i in range(at, len(lines)):
        if is_quoted(lines[i]):
            end = i + 1
        elif lines[i].strip():
            break
    return end


def header_block(lines: Sequence[str], at: int) -> Block | None:
    """Another mail's headers at this line: below a marker line, or `From:` with a date and more.

    "-------- Original Message --------" needs none: whatever follows is not the sender's.
    """
    line = lines[at]
    if len(line) > _LONGEST_LINE or not any(sign in line for sign in (":", "：", "--", "__")):
        return None
    forwards, marker = _marker(line)
    first = at
    if marker:
        first = next((i for i in range(at + 1, min(at + 4, len(lines))) if lines[i].strip(" >")), at)
        if first == at or _field(lines[first]) is None:
            spelled_out = not forwards and not _BARE_RULE.match(line) and _RULE.match(line)
            return Block(at + 1, None, "", False, is_quoted(line)) if spelled_out else None
    elif forwards:
        return _in_one_line(lines, at)
    rows = [unquoted(row) for row in lines[first : first + 14]]
    found: list[tuple[_Field, str]] = []
    for row, below in zip(rows, [*rows[1:], ""], strict=True):
        field = _field(row)
        goes_on = row.strip() and found and ("@" in row or row[:1] in " \t" or (marker and _field(below)))
        if field is None and not goes_on:
            break
        found.append(field or ("other", ""))
    values = {field: value for field, value in reversed(found) if value}
    if "from" not in values or not (marker or (found[0][0] == "from" and "date" in values)):
        return None
    marked = is_quoted(lines[first])
    return Block(first + len(found), person(values["from"]), values.get("subject", ""), forwards, marked)


def attribution_end(lines: Sequence[str], at: int) -> int:
    """The line after "On …, NAME <ADDRESS> wrote:", which may run over three lines; 0 where there is none."""
    if len(lines[at]) > _LONGEST_LINE or is_quoted(lines[at]) or not lines[at].strip():
        return 0
    for end in range(at + 1, min(at + 4, len(lines) + 1)):
        last = lines[end - 1]
        if not last.strip() or is_quoted(last) or len(last) > _LONGEST_LINE:
            return 0
        if _ENDS.search(last):
            joined = " ".join(line.strip() for line in lines[at:end])
            below = first_text(lines, end)
            above_quotation = below < len(lines) and is_quoted(lines[below])
            opens = at == 0 or not lines[at - 1].strip()
            return end if _attributes(joined, opens=opens, above_quotation=above_quotation) else 0
    return 0


def _attributes(line: str, *, opens: bool, above_quotation: bool) -> bool:
    """A line that ends in a colon says who wrote what follows: it opens with a date and says "wrote", or names an address and says so."""
    if len(line) > _LONGEST_LINE or line.count("<") != line.count(">"):
        return False
    wrote = _WROTE.search(line) is not None
    dated = _OPENS.match(line) is not None and re.search(r"\d", line) is not None
    addressed = _ADDRESS.search(line) is not None
    named = opens or not line.lstrip()[:1].islower()  # else the line above is where it begins
    if above_quotation:
        return (dated and (wrote or addressed)) or (wrote and named and (addressed or re.search(r"\d", line) is not None))
    return (dated and wrote) or (wrote and addressed and named and len(line.split()) <= 12)


def attributed(line: str) -> Participant | None:
    """Who wrote it, from the attribution line: the words between the last figure of the date and the address."""
    line = line[:_LONGEST_LINE]
    address = _ADDRESS.search(line)
    wrote = _WROTE.search(line)
    if in_marks := _IN_MARKS.search(line):
        return _participant(in_marks["name"].strip(), address)
    ends = [found.start() for found in (address, wrote) if found]
    words = line[: min(ends, default=len(line))].split()
    if not any(re.search(r"\w", word) for word in words) and wrote:  # "Am … schrieb NAME <ADDRESS>:"
        words = line[wrote.end() : address.start() if address else len(line)].split()
    dated = max((i for i, word in enumerate(words) if re.search(r"\d", word)), default=-1)
    while dated + 1 < len(words) and words[dated + 1].casefold().strip(",") in _BEFORE_NAME:
        dated += 1
    if wrote and address and wrote.end() < address.start() and dated + 1 >= len(words):
        words, dated = line[wrote.end() : address.start()].split(), -1
    name = re.split(r"['\"]?\s+via\s", " ".join(words[dated + 1 :]))[0].strip(" ,<>\"'[(:-")
    return _participant(name if len(name.split()) <= 6 else "", address)


def said_by(line: str) -> Participant | None:
    """Whoever a quoted line names as the writer of what follows it."""
    line = unquoted(line)
    return attributed(line) if _WROTE.search(line[:_LONGEST_LINE]) and _ENDS.search(line) else None


def person(text: str) -> Participant | None:
    """ "Dana O'Neill <dana@…>" of a quoted header line."""
    text = text[:_LONGEST_LINE]
    address = _ADDRESS.search(text)
    found = _PERSON.match(text.strip())
    name = (found["name"] if found else "").strip(" '\"*")
    return _participant("" if address and name == address.group() else name, address)


def _participant(name: str, address: re.Match[str] | None) -> Participant | None:
    email = address.group() if address else ""
    return Participant(name or email, email.casefold()) if name or email else None


def _field(row: str) -> tuple[_Field, str] | None:
    """A header line's field and value; None for any other line."""
    found = _LABEL.match(unquoted(row)[:_LONGEST_LINE])
    field = _FIELDS.get(" ".join(found["label"].casefold().split())) if found else None
    return (field, found["value"].strip()) if found and field else None


def _marker(line: str) -> tuple[bool, bool]:
    """Whether the line says that a mail is forwarded, and whether the headers are to follow below it."""
    text = unquoted(line)
    if rule := _RULE.match(text):
        return _ORIGINAL.search(rule["words"]) is None, True
    if len(text) <= 80 and _ENDS.search(text) and _FORWARD.search(text):
        return True, True
    if one_line := _RULE_AND_FIELD.match(text):
        return _FORWARD.search(one_line["words"]) is not None, False
    return False, _BARE_RULE.match(text) is not None


def _in_one_line(lines: Sequence[str], at: int) -> Block | None:
    found = _RULE_AND_FIELD.match(lines[at])
    field = _field(found["field"]) if found else None
    if field is None or field[0] != "from":
        return None
    sender, _, rest = field[1].partition(">")
    subject = re.search(rf"(?:{_LABELS['subject']})\s?:?\s+(?P<subject>[^:]*)$", rest, re.I)
    return Block(at + 1, person(f"{sender}>"), subject["subject"] if subject else "", True, False)
