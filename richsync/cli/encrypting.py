"""What `encrypt-user` does with its options: one user, or a list of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from richsync.cli import options
from richsync.cli.encrypt_user import Form
from richsync.display.progress import Reading
from richsync.display.screen import Screen
from richsync.errors import UnusableError
from richsync.exports import Export, open_export
from richsync.findings import told
from richsync.jsontext import JsonTextError, dumps, loads
from richsync.model import ReadAs
from richsync.pipeline.users import Issued, Refused, issue, issue_all
from richsync.shown import counted
from richsync.tokens import field_of, snippet, statement, user_of


class Asked(NamedTuple):
    """What was asked for: the user of `given` and of the file `user`, or those of the file `users`."""

    given: tuple[tuple[str, str], ...]
    user: str | None
    users: str | None
    read_as: ReadAs
    form: Form
    output: Path | None
    api_key: str
    api_secret_file: str | None


def run(asked: Asked, screen: Screen) -> int:
    """Write what was asked for, and give the exit code."""
    _check(asked)
    if asked.users is not None:
        return _many(asked.users, asked, screen)
    user = user_of((*_members(asked.user), *asked.given))
    issued = issue(user, options.api_secret(asked.api_secret_file, screen))
    with options.written(asked.output, "the token", screen) as lines:
        lines([_line(issued, asked)])
    return 0


def _check(asked: Asked) -> None:
    """See that the options go together, before anything is read."""
    files = [name for name in (asked.user, asked.users, asked.api_secret_file) if name]
    if asked.users and (asked.user or any(value for _, value in asked.given)):
        raise UnusableError("--from names all users, and another is given", "take away one of both")
    if asked.users and asked.form is not Form.JSON:
        raise UnusableError(f"many users are written as JSON, not {asked.form}", "leave out --output-format")
    if files.count("-") > 1:
        raise UnusableError("standard input cannot be both the users and the secret", "name a file for one")
    if asked.form is Form.HTML and not asked.api_key:
        raise UnusableError("the snippet needs the API key, which is public", "set RICHPANEL_API_KEY")
    if asked.output and asked.output.resolve() in {Path(name).resolve() for name in files}:
        raise UnusableError(f"{asked.output} is to be read and written", "name another place with --output")


def _members(file: str | None) -> list[tuple[str, object]]:
    """The members of the JSON object in a file."""
    if file is None:
        return []
    try:
        user = loads(options.text_of(file, "user"))
    except JsonTextError as error:
        raise UnusableError(f"the user is no JSON: {error}", "for many users use --from FILE") from None
    if not isinstance(user, dict):
        raise UnusableError("the user is no JSON object", "for many users use --from FILE")
    return list(user.items())


def _many(users: str, asked: Asked, screen: Screen) -> int:
    tally: Counter[type] = Counter()
    with (
        open_export(users, asked.read_as) as export,
        options.written(asked.output, "the tokens", screen) as lines,
        Reading(screen, "encrypting", "encrypted", "users") as reading,
    ):
        secret = options.api_secret(asked.api_secret_file, screen)
        screen.note(_columns(export))
        is_shared = asked.output is None and screen.out.is_terminal
        found = issue_all(export, secret, None if is_shared else reading)
        lines(_line(issued, asked) for issued in _told(found, export.name, screen, tally))
    for problem in export.problems:
        screen.note(f"{export.name}: {told(problem)}")
    made, refused = tally[Issued], tally[Refused]
    screen.note(f"{counted(made, 'token')} made, {counted(refused, 'line')} refused")
    return 1 if refused else 0


def _told(
    found: Iterable[Issued | Refused], name: str, screen: Screen, tally: Counter[type]
) -> Iterator[Issued]:
    """The tokens; why there is none for a line is told on the way, and both are counted."""
    for each in found:
        tally[type(each)] += 1
        if isinstance(each, Issued):
            yield each
        else:
            hint = "mend this; nothing after it was read" if each.is_last else ""
            screen.error(f"{name}:{each.line}: {each.why}", hint)


def _columns(export: Export) -> str:
    """What was found, and what its columns are taken for."""
    meant = ((field_of(name), name) for name in export.columns)
    taken = (name if field == name else f"{field} from {name}" for field, name in meant)
    return "; ".join((f"{export.name}: {export.format}, {export.encoding}", *taken))


def _line(issued: Issued, asked: Asked) -> str:
    return f"{_FORMS[asked.form](issued, asked.api_key)}\n"


_FORMS: Mapping[Form, Callable[[Issued, str], str]] = {
    Form.TOKEN: lambda issued, _: issued.token,
    Form.JSON: lambda issued, _: dumps({"id": issued.user_id, "token": issued.token}).decode(),
    Form.JS: lambda issued, _: statement(issued.token),
    Form.HTML: lambda issued, api_key: snippet(issued.token, api_key),
}
"""How each form is written, for the API key."""
