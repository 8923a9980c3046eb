"""Whatever happens to a file on its way here, it is read, or set aside with a reason, and the files after it are read as ever."""

from __future__ import annotations

from pathlib import Path

from bench.damage import damage

SEED = 2026


def test_two_thousand_damaged_files_neither_crash_nor_hang_nor_vanish(tmp_path: Path) -> None:
    troubles, states = damage(tmp_path, 2000, SEED)
    print(f"damage: seed {SEED}, {dict(states)}")
    assert troubles == [], f"seed {SEED}"
    assert sum(states.values()) == 2000 + 8  # a control file a batch
    assert min(states["read"], states["read in part"], states["read with a notice"], states["set aside"]) > 20
