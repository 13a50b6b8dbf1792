"""From text to Jinja's syntax tree, whose `lineno` is the position of a part in the text instead of its line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import Lexer, Token, TokenStream, ignored_tokens, operators
from jinja2.parser import Parser

from flows.expressions.errors import ExpressionError
from flows.expressions.phrases import in_plain_words
from flows.expressions.values import BITS_LIMIT, DIGITS_LIMIT, TEXT_LIMIT

EXPRESSION_LIMIT = 65_536
"""Characters inside the braces of one text."""

BRACKETS_LIMIT = 40
STATEMENTS = ("if", "elif", "else", "endif", "for", "endfor")
CLOSING = {"variable_begin": ("{{", "}}"), "block_begin": ("{%", "%}")}
DROPPED = {*ignored_tokens, "raw_begin", "raw_end"}


def read(text: str) -> nodes.Template:
    """The syntax tree of a text. ExpressionError where it is not one."""
    if len(text) > TEXT_LIMIT:
        raise ExpressionError(f"This text has {len(text):,} characters; {TEXT_LIMIT:,} is the most.")
    try:
        return Parser(_environment(), text).parse()
    except TemplateSyntaxError as error:
        raise ExpressionError(in_plain_words(error.message or ""), error.lineno) from None
    except RecursionError:
        raise ExpressionError("This expression is nested too deeply. Split it into two steps.") from None


class _PositionLexer(Lexer):
    """Jinja's lexer, with our own reading of names, numbers and strings, and positions for line numbers."""

    def tokenize(
        self, source: str, name: str | None = None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        return TokenStream(self._tokens(source), name, filename)

    def _tokens(self, source: str) -> Iterator[Token]:
        brackets = inside = 0
        braces: tuple[str, int] | None = None
        blocks: list[tuple[str, int]] = []
        previous, previous_at = "", 0
        for at, kind, value in self._pieces(source):
            if kind != "data":
                inside += len(value)
                if inside > EXPRESSION_LIMIT:
                    raise ExpressionError("The expressions of this text are longer than 64 KB.", at)
            if kind in DROPPED:
                continue
            if kind in CLOSING:
                braces = kind, at
            elif kind in ("variable_end", "block_end"):
                braces = None
            elif kind == "operator":
                brackets += (value in "([{") - (value in ")]}")
                if brackets > BRACKETS_LIMIT:
                    raise ExpressionError("These brackets are nested too deeply.", at)
            elif kind == "name" and previous == "block_begin":
                _enter(value, previous_at, blocks)
            previous, previous_at = kind, at
            yield _token(at, kind, value)
        if braces:
            opening, closing = CLOSING[braces[0]]
            raise ExpressionError(f"This `{opening}` is never closed. Add `{closing}`.", braces[1])
        if blocks:
            word, at = blocks[-1]
            raise ExpressionError(f"This `{{% {word} %}}` is never closed. Add `{{% end{word} %}}`.", at)

    def _pieces(self, source: str) -> Iterator[tuple[int, str, str]]:
        """Where each part of the source begins, what it is, and the part itself."""
        # Jinja reads every line end as \n; what is \r\n in the text is two characters there.
        has_returns = "\r" in source
        plain = re.sub(r"\r\n|\r", "\n", source) if has_returns else source
        pairs = [match.start() - before for before, match in enumerate(re.finditer("\r\n", source))]
        position, opening = 0, 0
        parts = self.tokeniter(plain, None)
        while True:
            try:
                _, kind, value = next(parts)
            except StopIteration:
                return
            except TemplateSyntaxError as error:
                message = error.message or ""
                at = opening if message.startswith("Missing end") else _original(position, pairs)
                raise TemplateSyntaxError(message, at) from None
            while not plain.startswith(value, position):  # Jinja drops white space before {%- and its like
                position += 1
            at, position = _original(position, pairs), position + len(value)
            if kind in ("comment_begin", "raw_begin"):
                opening = at
            yield at, kind, source[at : _original(position, pairs)] if has_returns and kind == "data" else value


def _enter(word: str, at: int, blocks: list[tuple[str, int]]) -> None:
    """Note that a `{% word %}` opens or closes a block. Refused where it is none of ours."""
    if word not in STATEMENTS:
        raise ExpressionError(f"`{{% {word[:40]} %}}` is not part of Weft's expressions. Only `if` and `for` are.", at)
    if word in ("if", "for"):
        blocks.append((word, at))
    elif word.startswith("end") and blocks:
        blocks.pop()


def _original(position: int, pairs: list[int]) -> int:
    return position + bisect_left(pairs, position)


def _token(at: int, kind: str, value: str) -> Token:
    match kind:
        case "name":
            if not value.isascii():
                raise ExpressionError(
                    f"The name `{value[:60]}` has letters outside a-z. "
                    f'Write a key like this in brackets: `item["{value[:60]}"]`.',
                    at,
                )
            return Token(at, kind, value)
        case "string":
            # The parser reads only this value; Token says str and Jinja itself puts numbers there.
            return Token(at, kind, _unescaped(value[1:-1], at))
        case "integer" | "float":
            return Token(at, kind, _number(value, kind, at))  # type: ignore[arg-type]  # as Jinja's own lexer does
        case "operator":
            return Token(at, operators[value], value)
        case _:
            return Token(at, kind, value)


def _number(value: str, kind: str, at: int) -> int | float:
    plain = value.replace("_", "")
    if not plain.isascii():
        raise ExpressionError("Write numbers with the digits 0-9.", at)
    if len(plain) <= DIGITS_LIMIT:
        number = float(plain) if kind == "float" else int(plain, 0)
        if abs(number) < float("inf") and (isinstance(number, float) or number.bit_length() <= BITS_LIMIT):
            return number
    raise ExpressionError("This number is too large.", at)


ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "\n": ""}


def _unescaped(text: str, at: int) -> str:
    """The text that a quoted string stands for; a backslash before any other letter stays as typed."""

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is None:
            return ESCAPES.get(match[3], match[0])
        if 0xD800 <= int(code, 16) <= 0xDFFF:
            raise ExpressionError(f"`\\u{code}` is half a character. Type the character itself.", at)
        return chr(int(code, 16))

    return ESCAPE.sub(plain, text) if "\\" in text else text


class _PositionEnvironment(Environment):
    @property
    def lexer(self) -> Lexer:
        return _lexer()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return _PositionEnvironment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)


@lru_cache(maxsize=1)
def _lexer() -> Lexer:
    return _PositionLexer(_environment())
