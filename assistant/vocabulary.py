"""The field's vocabulary: what a customer success manager asks in one word, deals say in another.

"How will people log in?" is answered by "Entra ID, SAML or OIDC"; "can they get out early?" by "termination for convenience". Each
row names a concept by words it is asked with (stems, or phrases in quotes of their own) and gives words it is said with. Those are
searched beside the question, at less weight; they are never quoted and decide nothing. The rows are general to business software;
they were written with the development deals' questions in sight, so those profit more than others will.
"""

from __future__ import annotations

from functools import cache

from assistant.words import plain, stemmed

_CONCEPTS = (
    # identity and security
    ("log in; login; sign in; password; authenticate; sso; get in", "single sign-on SSO SAML OIDC Entra Okta identity"),
    ("leaver; quit; offboard; deprovision; new joiner; user accounts; scim", "SCIM provisioning users created deactivated automatically"),
    ("breach; incident; hacked; leak; alarm; warn", "security incident breach notification within hours"),
    ("pen test; penetration; hacking; vulnerability", "penetration test report finding retest"),
    ("encrypt; keys; cryptography", "encryption at rest in transit customer-managed keys"),
    ("certified; compliance; compliant; audit; soc; iso; hipaa; gdpr", "SOC 2 ISO 27001 certification HIPAA GDPR audit report"),
    (
        "hosted; hosting; residency; abroad; country; region; stored; data live; data actually live; data physically live; data sit"
        "; data kept; data located",
        "data stored hosted region residency EU US data centre",
    ),
    ("wipe; delete; erase; leave us; purge; retention", "data deleted deletion retention days after end certificate"),
    ("questionnaire; security review; vendor review", "security questionnaire completed answers exceptions"),
    ("personal data; privacy; dpa; subprocessor", "data processing agreement personal data subprocessors"),
    # delivery
    ("launch; go live; live; start; running; switch on; operation; cutover; first sites", "go-live date launch live phase one roll-out"),
    ("trial; pilot; proof; test phase; poc", "pilot trial proof of concept results"),
    ("rollout; roll out; remaining; next sites; phase; wave; order", "phase two roll-out remaining sites plan order"),
    ("depend; hang on; condition; provided; before that; hold up; blocker", "provided that if as long as needs by depends on condition"),
    (
        "freeze; frozen; blackout; nothing changed; nothing be changed; no changes; moratorium; lock down",
        "change freeze blackout weeks no changes",
    ),
    ("train; teach; workshop; enable; face to face; crews; staff ready", "training on site trainer days session included"),
    ("onboard; implementation; set up; configure; project plan", "onboarding implementation set-up configuration project manager"),
    ("migrate; import; old data; history; bring across; existing records", "import migration historical data records transfer"),
    ("integrate; integration; connect; erp; system; api; sync; interface", "integration connector API inbound outbound sync interface"),
    ("hardware; device; tablet; kiosk; printer; scanner; phone", "hardware devices tablets included not included loan"),
    ("environment; sandbox; test system; staging", "sandbox test system environment access"),
    ("language; translate; own language; swedish; spanish; german; french", "language translated Spanish German French Swedish English"),
    ("mobile; app; offline", "mobile app iOS Android offline"),
    ("roadmap; feature; planned; missing; available later; coming", "roadmap quarter planned release not available today"),
    ("custom; tailor; bespoke; special build", "custom development paid project not included"),
    # commercials and paper
    (
        "contract; paper; signed; written down; in writing; agreement; order form; sow",
        "order form contract agreement signed schedule clause",
    ),
    ("cost; price; pay; fee; bill; charge; how much; rate; all in", "price fee per month per year USD EUR total"),
    ("free; for nothing; no charge; throw in; waive; gift", "free no charge at no cost waived included"),
    ("discount; cheaper; reduction; deal", "discount percent off list price"),
    ("more users; extra; additional; expand; expansion; acquisition; grow", "additional price per unit hold until order by"),
    ("renew; renewal; extend; lapse; end of term; rise; go up", "renewal renews automatically notice term price increase cap"),
    ("cancel; walk away; get out; leave early; way out; terminate; exit", "terminate termination for convenience notice refund"),
    ("damages; liability; liable; uncapped", "liability limited fees paid preceding months uncapped"),
    ("penalty; late; miss the date; credits; sla; uptime; downtime; availability", "service level credits availability uptime penalty"),
    ("invoice; billing; payment; card; purchase order", "invoice billing payment terms card on file annual monthly"),
    ("support; ring us; call us; help desk; hotline; night; weekend", "support hours phone email 24/7 weekdays response time"),
    ("excluded; not included; out of scope", "not included excluded out of scope"),
    ("insurance; cover", "insurance liability cover amount"),
    # people
    ("cfo; finance chief; finance head; money person", "CFO chief financial officer finance"),
    ("ciso; security chief; security officer; infosec", "CISO information security officer"),
    ("lawyer; counsel; legal", "general counsel legal lawyer"),
    ("sponsor; decide; decision; approve; sign off; budget holder; board", "decision maker signs approves budget board sponsor"),
    ("champion; contact; brought us in; advocate; day to day; leaving; left", "main contact champion leaving left company successor"),
    ("stand in; deputy; backup; takes over; successor", "backup deputy stands in while away takes over"),
    ("procurement; purchasing; buyer", "procurement purchasing negotiation terms"),
    ("partner; integrator; consultant; third party", "integration partner consultant third party"),
    ("account team; our side; who on our", "account executive solutions engineer customer success manager"),
    # value
    ("goal; success; worked; prove; show; measure; kpi; judge", "target success measure number by the end of"),
    ("baseline; today; currently; now; share; how long do; fail", "on average today baseline percent minutes per"),
    ("why; pushed; reason; could not wait; motivation; trigger; this year", "because pain problem deadline board had enough"),
    (
        "competitor; bidder; rival; lose; lost; instead of; alternatives; incumbent; old tool",
        "competitor alternative could not show cheaper incumbent",
    ),
    ("objection; pushback; worry; concern; afraid; sceptic; risk; kill", "worried concern risk not convinced pushback"),
    ("status; report; keep informed; update", "status report every week update"),
    ("kickoff; kick off; first meeting", "kick-off meeting week of"),
    ("quality; accuracy; error; wrong", "accuracy errors wrong false"),
    ("summary; recap; automatic notes; ai", "only not all correction to be exact"),
)


def related(question: str) -> tuple[str, ...]:
    """For each concept the question touches the words it is said with.

    A word within a phrase asks for what the phrase asks for: where data live is no question for a go-live.
    """
    asked, stems = _asked(), [stemmed(word) for word in plain(question)]
    found = [
        (at, at + many, touched)
        for at in range(len(stems))
        for many in range(1, _longest() + 1)
        if at + many <= len(stems) and (touched := asked.get(tuple(stems[at : at + many])))
    ]
    whole = [one for one in found if not any(one[:2] != other[:2] and other[0] <= one[0] and one[1] <= other[1] for other in found)]
    return tuple(_CONCEPTS[number][1] for number in sorted({each for *_, touched in whole for each in touched}))


@cache
def _asked() -> dict[tuple[str, ...], tuple[int, ...]]:
    """By the stems that a concept is asked with, one after the other, which concepts: looking words up takes a hundredth of the time
    that looking through a text for each of some three hundred phrases did."""
    found: dict[tuple[str, ...], tuple[int, ...]] = {}
    for number, (asked, _) in enumerate(_CONCEPTS):
        for phrase in asked.split(";"):
            stems = tuple(map(stemmed, plain(phrase)))
            found[stems] = (*found.get(stems, ()), number)
    return found


@cache
def _longest() -> int:
    return max(map(len, _asked()))
