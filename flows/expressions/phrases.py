"""Jinja's messages about broken syntax, in the words of someone who has never heard of Jinja."""

from __future__ import annotations

import re

NAMES = {
    "end of print statement": "}}",
    "begin of print statement": "{{",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "end of template": "the end",
}


def in_plain_words(message: str) -> str:
    """A full sentence with the next move."""
    for pattern, sentence in SENTENCES:
        if match := re.match(pattern, message, re.DOTALL):
            return sentence.format(*(NAMES.get(part or "", (part or "")[:40]) for part in match.groups()))
    return f"This expression cannot be read: {message[:200]}"


SENTENCES = (
    (r"Expected an expression, got '(.*)'$", "Something is missing before `{0}`: a name, a number or a text."),
    (r"expected token 'end of (?:print statement|statement block)', got '(.*)'$",
     "`{0}` is not expected here. Put an operator or a filter (`|`) before it, or close the braces."),
    (r"expected token 'name', got '(.*)'$", "A name is expected here, not `{0}`."),
    (r"expected token '(.*?)', got '(.*)'$", "`{0}` is expected here, not `{1}`."),
    (r"expected name or number", "After the dot comes a name, as in `item.price`."),
    (r"unexpected char (?:\"'\"|'\"') at", "This quotation mark is never closed. Add the same one after the text."),
    (r"unexpected char '(.*)' at", "`{0}` means nothing in an expression. Put text in straight quotes: \"like this\"."),
    (r"unexpected '(.*)', expected '(.*)'$", "`{0}` is here, but `{1}` has to be closed first."),
    (r"unexpected '(end of .*)'$", "The expression ends too early: something is missing before `{0}`."),
    (r"unexpected '(.*)'$", "`{0}` is not expected here."),
    (r"Encountered unknown tag '(.*?)'.*looking for .*'(end\w+)'", "`{{% {0} %}}` stands where `{{% {1} %}}` belongs."),
    (r"Encountered unknown tag '(.*?)'", "`{{% {0} %}}` has no beginning."),
    (r"Missing end of comment", "This `{{#` is never closed. Add `#}}`."),
    (r"Missing end of raw", "`{{% raw %}}` is never closed. Add `{{% endraw %}}`."),
    (r"can't assign to", "After `for` comes a new name, as in `{{% for row in fetch.rows %}}`."),
    (r"You cannot chain", "Two `is` cannot follow each other. Join them with `and`."),
    (r"tag name expected", "After `{{%` comes `if` or `for`."),
    (r"invalid syntax for function call", "The values in these brackets are not separated as they should be."),
)  # fmt: skip
