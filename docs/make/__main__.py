"""Write every generated page and picture; say what changed."""

from __future__ import annotations

import sys

from docs.make.generated import DOCS, generated


def main() -> int:
    """Write the files that are not as they should be; return 0."""
    for name, make in generated():
        path, text = DOCS / name, make()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
