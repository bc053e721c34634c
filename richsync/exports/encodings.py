"""Which encoding a text that is not UTF-8 may have."""

import re

_LIKELY = ["cp1252", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
_GUESSED_FROM = 4096
_WESTERN = "cp1252"

# Compiled when they are needed, which is rare.
_CHARACTER = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
# Without the letters that are others in Turkish, Czech or Macintosh files: `ý`, `þ`, `ð`, `Ž`, `Ÿ`.
_LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœ"
_JOINERS = "\u00a0\u00b4\u2019ªº"
_SIGNS = "¡£§©«®°±²³·»¼½¾¿€…\u2018“”\u2013—•™\u00d7"
_ANY_SIGN = f"[{_JOINERS}{_SIGNS}]"
_NOT_WESTERN = rf"[^\x00-\x7f{_LETTERS}{_JOINERS}{_SIGNS}]|[A-Za-z{_LETTERS}][{_SIGNS}](?=[a-z{_LETTERS}])"


def utf8_character(data: bytes) -> int:
    """Where the first character beyond ASCII stands that is well-formed UTF-8, or -1."""
    found = re.search(_CHARACTER, data)
    return found.start() if found else -1


def western(data: bytes) -> str:
    """The encoding of Western Europe, if the text can hardly be anything else, or "".

    Text of other regions, of the Macintosh or of DOS reads as letters that no Western language has, or as
    signs in the middle of words.
    """
    try:
        text = data.decode(_WESTERN)
    except UnicodeDecodeError:
        return ""
    if utf8_character(data) >= 0 or re.search(_NOT_WESTERN, text):
        return ""
    letters = re.sub(_ANY_SIGN, "", text)
    return _WESTERN if letters.isascii() or _WESTERN in fitting(letters.encode(_WESTERN)) else ""


def fitting(data: bytes) -> list[str]:
    """The encodings that fit a text best, the most widespread first."""
    import charset_normalizer

    matches = charset_normalizer.from_bytes(data[:_GUESSED_FROM], cp_isolation=_LIKELY)
    least = min((match.chaos for match in matches), default=0)
    names = {name for match in matches if match.chaos == least for name in match.could_be_from_charset}
    return [name for name in _LIKELY if name in names]
