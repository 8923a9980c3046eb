"""What part somebody plays in a deal, by their title or by what they are said to do: one vocabulary of roles for both."""

from __future__ import annotations

import re

SIGNERS = frozenset({"economic buyer", "exec sponsor"})
"""Roles that only the customer's own people have: a partner's owner signs for his own firm."""
_BY_TITLE: tuple[tuple[str, str], ...] = (
    (
        "economic buyer",
        r"\b(?:cfo|chief financial|finance director|director of finance|vp finance|head of finance|owner|(?<!vice )(?<!vice-)president|ceo"
        r"|chief executive|managing (?:director|partner)|treasurer|bursar|proprietor|direct(?:eur|rice) (?:général|financi)\w*|gérant\w*"
        r"|président\w*|geschäftsführ\w*|finanz\w*|kaufmännisch\w*|inhaber\w*|daglig leder|økonomi\w*|ekonomi\w*|verkställande \w+"
        r"|direct\w+ financier\w*|direttor\w+ (?:generale|finanziari\w+)|direct\w+ general|titolare|zaakvoerder|financieel \w+)\b",
    ),
    (
        "exec sponsor",
        r"\b(?:s?vp|evp|vice[- ]president|chief (?!financ|inform|technolog|technical|security|procure|legal|account)\w+ (?:\w+ )?officer"
        r"|chief (?:operating|executive|customer|of staff)|coo|cro|cmo|ceo|gm|general manager|owner|(?:co-)?founder"
        r"|(?:operations|production|plant|medical|clinical|commercial|executive|divisional|regional|deputy|programme) director"
        r"|board member|dean|principal|provost|superintendent of schools|headteacher|fondat\w+|direct(?:eur|rice) des opérations"
        r"|betriebsleit\w*|werksleit\w*|bereichsleit\w*|driftsdirektør|chair of the board|board chair)\b",
    ),
    (
        "security",
        r"\b(?:security|ciso|infosec|risk officer|privacy|cyber\w*|data protection|dpo|datenschutz\w*|rssi|dataskydd\w*|sicherheit\w*)\b",
    ),
    (
        "legal",
        r"\b(?:legal|counsel|lawyer|solicitor|attorney|barrister|paralegal|contracts? manager|compliance (?:officer|manager|counsel)"
        r"|compliance director|avocat\w*|avvocat\w*|abogad\w*|rechtsan\w*|jurist\w*|juridique|advoka\w*|advocaat)\b",
    ),
    (
        "procurement",
        r"\b(?:procurement|purchasing|sourcing|buyer|business manager|vendor manag|category manag|commercial manag|contracts? admin"
        r"|contracts? officer|(?:and|&) contracts|tender|achats?\b|acheteu|einkauf|einkäuf|innkjøp|inköp|inkoop|compras|acquisti)",
    ),
    (
        "technical evaluator",
        r"\b(?:it\b|engineer|architect|integration|systems?|developer|technical|technology|identity|applications|cto|cio"
        r"|administrator|computer|network|infrastructure|(?<!direct)informati(?:que|k|ca)|edv\b|ikt\b|ict\b|dsi\b)",
    ),
    (
        "day-to-day lead",
        r"\b(?:pro(?:ject|gramme?) (?:manager|lead|leader|coordinator)|operations manager|office manager|head of operations"
        r"|planning manager|implementation|transformation|director of|administrator|coordinator"
        r"|projektleit\w*|chef\w* de projet|prosjektleder)\b",
    ),
    (
        "user lead",
        r"\b(?:depot|front desk|team lead|shift|branch|plant|site|store|support manager|practice|associate|supervisor|floor"
        r"|warehouse|clinic|foreman|forewoman|superintendent|lead$|lead,|crew|trades|yard|workshop|ward\b|nurse|teacher|driver|dispatch|clerk"
        r"|operator|reception|housekeep|kitchen|front office|counter|call cent|centre lead|center lead|meister\w*|schicht\w*|skift\w*"
        r"|réception|gouvernante|ouvri)",
    ),
)
_BY_WORK: tuple[tuple[str, str], ...] = (
    (
        "economic buyer",
        r"\b(?:cfo|finance (?:director|chief|lead|manager)|(?:head|director|in charge|chair\w*) (?:of )?(?:the )?finance|the money|budgets?"
        r"|purse|treasurer|bursar|controller|chief executive|ceo|managing (?:director|partner)|owns? (?:half |part |most "
        r"|all )?(?:of )?(?:the|this) (?:company|firm|business|practice|place|shop)"
        r"|(?:final|last) (?:say|word|yes)|signs? (?:off|it|them|the|this|that|for|alone|anything|everything|contracts?)|finances)\b",
    ),
    (
        "exec sponsor",
        r"\b(?:sponsor|coo|chief \w+ officer|vice president|dean|principal|headmaster|head ?teacher|head librarian|\w+ librarian"
        r"|provost|rector|(?!finance|it\b|ict)\w+ director|medical director|matron|general manager|deputy director|board member"
        r"|partner in charge)\b",
    ),
    ("champion", r"\bchampion\b"),
    ("security", r"\b(?:security|infosec|ciso|privacy|data protection|dpo)\b"),
    ("legal", r"\b(?:legal|lawyers?|solicitors?|attorney|counsel|contracts?|compliance)\b"),
    ("procurement", r"\b(?:procurement|purchasing|buying|sourcing|tenders?|tendering|vendors?|suppliers?|the paperwork)\b"),
    (
        "technical evaluator",
        r"(?-i:\bIT\b)|\b(?:it (?:services|department|team|side|manager|lead|guy|person|for)|systems?|integrations?|networks?"
        r"|infrastructure"
        r"|architect\w*|applications|servers?|the tech|technology|technical|databases?|identity|computers|devices|sysadmin|cto|cio)\b",
    ),
    (
        "day-to-day lead",
        r"\b(?:operations|ops|day[- ]to[- ]day|project (?:manager|lead|coordinator)|(?:run|runs|running|lead|leads|leading|manag\w+"
        r"|coordinat\w+) (?:the|this|that) (?:project|roll-?out|implementation|thing)|coordinator|coordinates?|(?:office|practice"
        r"|studio|business|general office) manager|administrator"
        r"|deputy)\b",
    ),
    (
        "user lead",
        r"\b(?:foreman|(?:\w+ )?master|skipper|captain|chef|steward|warden|sister|forewoman|supervisor|shift|team lead|team leader"
        r"|dispatch\w*|front desk|reception\w*|depot|branch|ward|clinic"
        r"|nurses?"
        r"|warehouse|floor|kitchen|workshop|teachers?|technicians|drivers|planners|service desk|help ?desk|superintendent|store manager)\b",
    ),
)
_TITLES = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _BY_TITLE)
_WORK = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _BY_WORK)
_LEADS = re.compile(
    r"\b(?:head|heads|heading|chief|lead|leads|leading|(?:run|runs|running)(?! (?:in|into|late|out|over|up|on|until|to|through|away"
    r"|behind|from|for|at|with|short)\b)|manage|manages|manager|director|look after|looks after"
    r"|(?:in charge|responsible|care) (?:of|for)|takes? care)\b",
    re.IGNORECASE,
)
"""Who leads something that no other role names, leads those who will use it: `head of anaesthesia`."""


def roles_of_title(title: str) -> list[str]:
    return [role for role, named in _TITLES if named.search(title)]


def roles_of_work(words: str) -> list[str]:
    """Of `look after IT and security`, `head of anaesthesia`, `do the money`; none where the words name no work."""
    found = [role for role, named in _WORK if named.search(words)]
    return found or (["user lead"] if _LEADS.search(words) else [])
