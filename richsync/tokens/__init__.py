"""The user token `richpanelSettings`: whom it is for, how it is made and read, how a page takes it.

A token neither expires nor proves who made it: whoever holds one can use it.
"""

from richsync.tokens.cipher import IV_BYTES, TokenError, decrypt, encrypt
from richsync.tokens.snippets import snippet, statement
from richsync.tokens.users import field_of, user_of

__all__ = ["IV_BYTES", "TokenError", "decrypt", "encrypt", "field_of", "snippet", "statement", "user_of"]
