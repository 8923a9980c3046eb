"""What the main requests and answers look like, for the OpenAPI document and the page made of it; a test holds each against its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CLAIM = {
    "id": "clm_1",
    "text": "Dana Okafor committed to a go-live date of 18 January 2027.",
    "citations": ["cit_1"],
    "check": "supported",
    "support": 0.97,
}
_CITATION: dict[str, Any] = {
    "id": "cit_1",
    "number": 1,
    "kind": "call",
    "source": {
        "id": "src_42",
        "external_id": "7001",
        "title": "Commercial alignment",
        "occurred_at": "2026-09-24T12:00:00Z",
        "occurred_on": "2026-09-24",
        "url": "https://app.gong.io/call?id=7001",
    },
    "turn_id": "t3",
    "speaker": {"name": "Dana Okafor", "email": "dana@cartage.example", "side": "seller"},
    "locator": {"type": "time", "start_ms": 1921000, "end_ms": 1932000},
    "quote": {"exact": "I can commit to a go-live date of 18 January 2027", "prefix": "Okay. ", "suffix": ".", "start": 6, "end": 55},
    "match": "exact",
    "text_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_RECEIPT = {
    "searched": {"call": 6, "email": 18, "crm_note": 12, "doc": 2},
    "from": "2026-03-03",
    "to": "2026-10-14",
    "unreadable": [],
    "nearest": ["cit_1"],
}
_USER = {
    "id": "usr_7",
    "email": "priya@cartage.example",
    "name": "Priya Nair",
    "role": "csm",
    "reach": "owner",
    "accounts": [],
    "sees": 12,
    "created_at": "2026-10-14T09:00:00Z",
    "last_seen_at": None,
    "suspended_at": None,
}
_KEY = {
    "prefix": "3f9c1a2b",
    "name": "night report",
    "user": None,
    "role": "csm",
    "permissions": ["read", "ask"],
    "accounts": None,
    "state": "valid",
    "created_at": "2026-10-14T09:00:00Z",
    "expires_at": "2027-01-12T09:00:00Z",
    "last_used_at": None,
    "revoked_at": None,
}

_IMPORT = {
    "id": "imp_4a7e",
    "source": "exports",
    "state": "running",
    "stage": "reading",
    "done": 312,
    "total": 480,
    "started_at": "2026-10-15T07:00:00Z",
    "finished_at": None,
    "detail": None,
    "report": None,
}

EXAMPLES: Mapping[str, Any] = {
    "AskRequest": {"question": "What go-live date did we commit to?", "as_of": "2026-10-14", "kinds": ["call", "email"]},
    "AnswerShape": {
        "id": "ans_5d1c",
        "thread_id": "thr_88",
        "status": "answered",
        "partial": False,
        "reason": None,
        "question": "What go-live date did we commit to?",
        "standalone_question": "What go-live date did we commit to?",
        "model": "extractive",
        "as_of": None,
        "blocks": [{"kind": "paragraph", "claims": [_CLAIM]}],
        "changes": [
            {
                "topic": "go-live date",
                "items": [{"on": "2026-09-02", "text": "End of February 2027", "citations": ["cit_1"], "superseded": True}],
            }
        ],
        "citations": [_CITATION],
        "receipt": _RECEIPT,
        "removed_claims": 0,
        "follow_ups": ["Is the date in the contract?"],
        "timing": {"retrieve_ms": 31, "total_ms": 84},
        "degraded": [],
    },
    "AnswerUnderway": {"id": "ans_run_0b7e", "thread_id": "thr_88", "status": "running"},
    "AnswerState": {"id": "ans_run_0b7e", "thread_id": "thr_88", "status": "stopped"},
    "AnswerStarted": {"type": "answer.started", "seq": 1, "answer_id": "ans_run_0b7e", "thread_id": "thr_88", "number_of_sources": 43},
    "AnswerDelta": {"type": "answer.delta", "seq": 3, "block": 0, "claim": "clm_1", "text": _CLAIM["text"]},
    "CitationShape": _CITATION,
    "AccountPage": {
        "items": [
            {
                "id": "acc_1",
                "slug": "halden-freight-group",
                "name": "Halden Freight Group",
                "domains": ["halden.example"],
                "external_refs": ["sf:0018d00000HALDEN"],
                "stage": "Closed Won",
                "closed_on": "2026-10-14",
                "sources": {"call": 6, "email": 18},
                "brief": {"state": "draft", "gaps": 4},
            }
        ],
        "next_cursor": None,
    },
    "FeedbackGiven": {"rating": "down", "reasons": ["not_in_source"], "text": "The quote is about Malmö only."},
    "ThreadSharing": {"shared": True},
    "BriefRequest": {"deal_id": "dea_9"},
    "BriefStarted": {"id": "brf_3", "state": "draft", "version": 3, "deal_id": "dea_9"},
    "LineAct": {"act": "edit", "text": "Gothenburg and Malmö go live by 18 January 2027.", "as_note": False},
    "ClaimAdded": {"section": "decision", "text": "The board signed it off on 9 October.", "as_note": False},
    "GapAct": {"act": "answer", "text": "There is no penalty; Legal struck it on 2 October."},
    "GapAsked": {"question": "Is there a penalty if the date is missed?", "answer_id": "ans_5d1c"},
    "ApproveRequest": {"with_open": True},
    "ShareRequest": {"to": "slack"},
    "ShareShape": {"id": "shr_61c4", "deliveries": [{"id": "dlv_9e02", "channel": "slack"}]},
    "ReturnRequest": {"because": "Who signs for depot 15?"},
    "PromiseMarked": {"status": "at_risk", "because": "The SAP test system is not there yet."},
    "ImportRequest": {"source": "exports"},
    "ImportShape": _IMPORT,
    "ImportProgress": {"type": "import.progress", "seq": 4, "import": _IMPORT},
    "EvaluationRequest": {"cases": "own"},
    "EvaluationStarted": {
        "id": "evl_2c90",
        "cases": "own",
        "state": "running",
        "started_at": "2026-10-15T07:00:00Z",
        "finished_at": None,
        "run": None,
        "detail": None,
    },
    "PreferencesChange": {"theme": "dark", "single_keys": False},
    "HeldAssigned": {"account": "Halden Freight Group"},
    "UserInvite": {"email": "priya@cartage.example", "name": "Priya Nair", "role": "csm", "reach": "owner"},
    "Invited": {"user": _USER, "code": "the part behind # of their sign-in link"},
    "KeyRequest": {"name": "night report", "role": "csm", "permissions": ["read", "ask"], "days": 90},
    "KeyMade": {**_KEY, "key": "bt_3f9c1a2b_and-forty-three-characters-that-are-shown-once"},
    "ProblemBody": {
        "type": "urn:baton:problem:not-found",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing here that you can see.",
        "request_id": "req_7c1f",
    },
}
"""By the name of the shape; each stands in the document as the shape's first example."""
