"""`python -m tests.bench [names…]`: measure, and print one table. Without names, everything is measured.

A bench is a module of this folder with `measure() -> list[Row]`; what begins with `_` belongs to another bench.
"""

import importlib
import pkgutil
import sys

import tests.bench
from tests.bench.table import Row, print_table


def main(names: list[str]) -> int:
    known = [module.name for module in pkgutil.iter_modules(tests.bench.__path__) if not module.name.startswith("_")]
    known.remove("table")
    if unknown := [name for name in names if name not in known]:
        print(f"There is no bench called {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names or known:
        module = importlib.import_module(f"tests.bench.{name}")
        if hasattr(module, "measure"):
            print(f"Measuring {name} …", file=sys.stderr, flush=True)
            rows += module.measure()
    print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
