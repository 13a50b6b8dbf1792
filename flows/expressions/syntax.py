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
        # Jinja reads every line end as \n; what is \r\n in the text is two characters there.
        plain = re.sub(r"\r\n|\r", "\n", source) if "\r" in source else source
        pairs = [match.start() - before for before, match in enumerate(re.finditer("\r\n", source))]
        position = brackets = inside = 0
        opened, opened_at, previous = "", 0, ""
        parts = self.tokeniter(plain, None)
        while True:
            try:
                _, kind, value = next(parts)
            except StopIteration:
                break
            except TemplateSyntaxError as error:
                raise TemplateSyntaxError(error.message or "", _original(position, pairs)) from None
            while not plain.startswith(value, position):  # Jinja drops white space before {%- and its like
                position += 1
            at, position = position, position + len(value)
            if kind in CLOSING:
                opened, opened_at = kind, _original(at, pairs)
            elif kind in ("variable_end", "block_end"):
                opened = ""
            if kind != "data":
                inside += len(value)
                if inside > EXPRESSION_LIMIT:
                    raise ExpressionError("The expressions of this text are longer than 64 KB.", _original(at, pairs))
            if kind in DROPPED:
                continue
            if kind == "data":
                text = source[_original(at, pairs) : _original(position, pairs)] if pairs or "\r" in source else value
                yield Token(_original(at, pairs), kind, text)
                continue
            brackets += (value in "([{") - (value in ")]}") if kind == "operator" else 0
            if brackets > BRACKETS_LIMIT:
                raise ExpressionError("These brackets are nested too deeply.", _original(at, pairs))
            token = _token(_original(at, pairs), kind, value)
            if previous == "block_begin" and kind == "name" and value not in STATEMENTS:
                raise ExpressionError(
                    f"`{{% {value[:40]} %}}` is not part of Weft's expressions. Only `if` and `for` are.", token.lineno
                )
            previous = kind
            yield token
        if opened:
            opening, closing = CLOSING[opened]
            raise ExpressionError(f"This `{opening}` is never closed. Add `{closing}`.", opened_at)


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
