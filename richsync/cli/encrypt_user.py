"""`richsync encrypt-user`."""

import os
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen
from richsync.errors import UnusableError


def encrypt_user(
    user_id: Annotated[
        str, typer.Option("--id", metavar="ID", help="The shop's id of the user. [default: the uid]")
    ] = "",
    uid: Annotated[
        str, typer.Option(metavar="UID", help="Who the user is. [default: the e-mail, as import sends it]")
    ] = "",
    email: Annotated[str, typer.Option(metavar="E-MAIL")] = "",
    first_name: Annotated[str, typer.Option(metavar="NAME")] = "",
    last_name: Annotated[str, typer.Option(metavar="NAME")] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="The whole name.")] = "",
    api_secret_file: options.SecretFileOption = None,
) -> None:
    """Make a `richpanelSettings` token for a page; the secret stays on the server.

    The secret comes from RICHPANEL_API_SECRET, a file, standard input or a hidden prompt.
    """
    from richsync.tokens import encrypt, user_of

    screen = Screen()
    fields = {
        "id": user_id,
        "uid": uid,
        "firstName": first_name,
        "lastName": last_name,
        "name": name,
        "email": email,
    }
    user = user_of(fields)
    given = os.environ.get("RICHPANEL_API_SECRET", "")
    secret = options.secret_of(api_secret_file, given, "API secret", screen)
    if not secret:
        raise UnusableError("there is no API secret", "set RICHPANEL_API_SECRET or --api-secret-file FILE")
    screen.result(encrypt(user, secret))
