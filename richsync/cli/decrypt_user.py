"""`richsync decrypt-user`."""

from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.jsontext import pretty


def decrypt_user(
    given: Annotated[
        str, typer.Argument(metavar="TOKEN|-", help="The token; `-` for standard input.", show_default=False)
    ],
    api_secret_file: options.SecretFileOption = None,
    no_color: options.NoColorOption = False,
) -> None:
    """Show the user that a token holds, as JSON. Exit code 1 when the secret does not read it.

    That it can be read does not prove that the shop made it: a token carries no signature.
    """
    from richsync.tokens import decrypt

    screen = Screen(plain=no_color)
    if given == api_secret_file == "-":
        raise UnusableError("standard input cannot be both the token and the secret", "name a file for one")
    token = options.text_of("-", "token") if given == "-" else given
    screen.result(pretty(decrypt(token, options.api_secret(api_secret_file, screen))))
