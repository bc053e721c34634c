"""`richsync encrypt-user`."""

from collections.abc import Iterable, Iterator
from enum import StrEnum, auto
from typing import Annotated

import typer

from richsync.cli import options
from richsync.display.screen import Screen
from richsync.errors import UnusableError


class Form(StrEnum):
    """What is written for a user."""

    TOKEN = auto()
    JSON = auto()
    JS = auto()
    HTML = auto()


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
    prop: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Anything else; can be repeated.")
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="The user as a JSON object, besides these options.")
    ] = None,
    users: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE|-", help="Many users, CSV or JSON: a line of JSON for each."),
    ] = None,
    output_format: Annotated[
        Form | None, typer.Option(help="`html` is the snippet for a page. [default: token; of many, json]")
    ] = None,
    output: options.OutputOption = None,
    api_key: Annotated[
        str, typer.Option(metavar="KEY", envvar="RICHPANEL_API_KEY", help="For `html`: the API key.")
    ] = "",
    api_secret_file: options.SecretFileOption = None,
    encoding: options.EncodingOption = None,
    delimiter: options.DelimiterOption = None,
    quiet: options.QuietOption = False,
    no_color: options.NoColorOption = False,
) -> None:
    """Make a `richpanelSettings` token for a page; the secret stays on the server.

    The secret comes from RICHPANEL_API_SECRET, a file, standard input or a hidden prompt.
    """
    from richsync.cli.encrypting import Asked, run

    named = {"id": user_id, "uid": uid, "email": email, "firstName": first_name, "lastName": last_name}
    asked = Asked(
        given=(*named.items(), ("name", name), *properties(prop or ())),
        user=user,
        users=users,
        read_as=options.read_as(encoding, delimiter),
        form=output_format or (Form.JSON if users else Form.TOKEN),
        output=output,
        api_key=api_key.strip(),
        api_secret_file=api_secret_file,
    )
    raise typer.Exit(run(asked, Screen(quiet=quiet, plain=no_color)))


def properties(prop: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The names and values of `--prop NAME=VALUE`; a value may hold `=`."""
    for each in prop:
        name, mark, value = each.partition("=")
        if not mark or not name.strip():
            raise UnusableError(f"--prop {each} has no name and value", "write --prop NAME=VALUE")
        yield name.strip(), value
