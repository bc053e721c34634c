"""How a page takes a token: it is set first, then Richpanel's script is loaded.

Source: Richpanel's pages "Getting Started" and "Authorizing User". Its script calls what was queued in
`richpanel.q` before it came, and fails without that list.
"""

from string import Template
from urllib.parse import quote

from richsync.errors import UnusableError
from richsync.jsontext import dumps

_SNIPPET = Template("""\
<!-- The token of one user, made on the server. The API secret stays there: never put it into a page. -->
<script>
$statement
(function () {
  var richpanel = window.richpanel = window.richpanel || [], script = document.createElement("script");
  richpanel.q = richpanel.q || [];
  ["track", "debug", "atr"].forEach(function (name) {
    richpanel[name] = function () { richpanel.q.push([name].concat([].slice.call(arguments))); };
  });
  script.async = true;
  script.src = $address;
  document.head.appendChild(script);
})();
</script>""")


def statement(token: str) -> str:
    """The line of JavaScript that sets the token."""
    return f"window.richpanelSettings = {_literal(token)};"


def snippet(token: str, api_key: str) -> str:
    """HTML for a page: the token, then the loader for the API key, which is public.

    Raises:
        UnusableError: the key is no text.
    """
    try:
        address = f"https://api.richpanel.com/v2/j/{quote(api_key, safe='')}?version=2.0.0"
    except UnicodeEncodeError:
        raise UnusableError("the API key is not UTF-8 text", "set RICHPANEL_API_KEY again") from None
    return _SNIPPET.substitute(statement=statement(token), address=_literal(address))


def _literal(text: str) -> str:
    """A string of JavaScript that no script element ends at, whatever it holds."""
    return dumps(text).decode().replace("<", "\\u003c")
