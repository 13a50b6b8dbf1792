"""`python -m tests.language`: make the catalogue anew from the code, and say what each language lacks."""

from __future__ import annotations

import sys

from app.language.choosing import LANGUAGES, SOURCE
from tests.language.files import lacking, renew


def main() -> int:
    """Write the catalogue and the files of all languages; 1 where one lacks something."""
    renew()
    left = {language: lacking(language) for language in LANGUAGES if language != SOURCE}
    for language, texts in left.items():
        sys.stdout.write(f"{language}: {len(texts)} to translate\n" + "".join(f"  {text!r}\n" for text in texts))
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
