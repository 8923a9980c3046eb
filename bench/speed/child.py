"""The process in which one side works: does what it is named, and prints what it has to say as JSON."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any


def main() -> None:
    module, function = sys.argv[1].split(".")
    said: dict[str, Any] = getattr(importlib.import_module(f"bench.speed.{module}"), function)(**json.loads(sys.argv[2]))
    print("\n" + json.dumps({"said": said, "libraries": libraries()}))


def libraries() -> list[str]:
    """The modules of other people's packages that are loaded now."""
    specs = {name: getattr(module, "__spec__", None) for name, module in sorted(sys.modules.items())}
    return [name for name, spec in specs.items() if spec is not None and "site-packages" in (spec.origin or "")]


if __name__ == "__main__":
    main()
