"""What a command line or the environment gives as text, and may be bytes that are none."""

from richsync.errors import UnusableError


def utf8(text: str, what: str, mend: str) -> str:
    """The text as it is.

    Raises:
        UnusableError: its bytes were not UTF-8, which neither a ledger nor JSON can hold.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusableError(f"{what} is not UTF-8 text", mend) from None
    return text


def file_name(text: str, mend: str) -> str:
    """The name of a file, or its path, as it is.

    Raises:
        UnusableError: it is not UTF-8, or has a line break: what follows one would be a line of its own in a
            log, and CI obeys some.
    """
    if "\n" in text:
        raise UnusableError(f"the name {text!r} has a line break", mend)
    return utf8(text, f"the name {text!r}", mend)
