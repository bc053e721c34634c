"""The words of order exports by what they mean, a module a language: `concept: word, several words`.

To add a language, add a module like the others, and a line here.
"""

from collections.abc import Mapping

from richsync.drafts.languages import (
    arabic,
    dutch,
    english,
    french,
    german,
    italian,
    japanese,
    portuguese,
    spanish,
)

LANGUAGES: Mapping[str, str] = {
    "English": english.WORDS,
    "German": german.WORDS,
    "French": french.WORDS,
    "Spanish": spanish.WORDS,
    "Portuguese": portuguese.WORDS,
    "Italian": italian.WORDS,
    "Dutch": dutch.WORDS,
    "Arabic": arabic.WORDS,
    "Japanese": japanese.WORDS,
}
