"""What the window says, in the language of the browser that shows it.

English is written in the code and is the key of every other language: `tr("Saved")`, `tr("{count} are open", count=3)`,
`trn("{n} run", "{n} runs", 3)`. A table of words that is made before anyone looks at it marks them with `msg` and
translates them where it is shown. What was written down in English, such as the reason of a failure in a journal or the
name of a node, goes through `spoken`, which finds the sentence it was made from.

The catalogue is `assets/languages/weft.pot`; `python -m tests.language` makes it anew and says what a language lacks.
"""

from app.language.choosing import LANGUAGES, language_of
from app.language.speaking import ask_window, current, msg, prepare, tr, trn
from app.language.spoken import spoken

__all__ = ["LANGUAGES", "ask_window", "current", "language_of", "msg", "prepare", "spoken", "tr", "trn"]
