"""The labelled development deals, read once."""

from __future__ import annotations

import pytest

from eval.cases import Case, load_cases
from tests.eval.mutants import CASES

# The order their published numbers were pooled in: the bootstrap draws by position.
PUBLISHED_ORDER = ("halden", "brightwell", "meridian")


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    by_name = {case.name: case for case in load_cases(CASES)}
    return tuple(by_name[name] for name in PUBLISHED_ORDER)


@pytest.fixture(scope="session")
def brightwell(cases: tuple[Case, ...]) -> Case:
    """Small, and with a sibling account whose words must stay out."""
    return cases[1]
