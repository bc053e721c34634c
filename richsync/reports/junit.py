"""JUnit XML, as CI servers read it: a suite a source, a case a group of findings.

What fails the run is a failure, anything else a case that passes and says so; a source without findings is
one case that passes. There is no time in it: the same input gives the same bytes.
"""

from collections.abc import Collection, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from richsync.checks import Severity
from richsync.reports.told import Told, ToldGroup
from richsync.shown import one_line, printable

_COUNTS = ("tests", "failures", "errors", "skipped")


def junit(sources: Sequence[Told], failing: Collection[Severity]) -> str:
    """The whole document; findings of the `failing` severities are failures."""
    suites = Element("testsuites", {"name": "richsync"})
    for told in sources:
        _suite(suites, told, failing)
    for name in _COUNTS:
        suites.set(name, str(sum(int(suite.attrib[name]) for suite in suites)))
    indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _suite(suites: Element, told: Told, failing: Collection[Severity]) -> None:
    failures = sum(group.severity in failing for group in told.groups)
    counts = zip(_COUNTS, (max(len(told.groups), 1), failures, 0, 0), strict=True)
    path = one_line(told.path)
    suite = SubElement(suites, "testsuite", {"name": path, **{name: str(count) for name, count in counts}})
    for group in told.groups:
        _case(suite, told.path, group, is_failure=group.severity in failing)
    if not told.groups:
        SubElement(suite, "testcase", {"name": "valid", "classname": path, "file": path})


def _case(suite: Element, path: str, group: ToldGroup, *, is_failure: bool) -> None:
    about = {"name": one_line(group.title), "classname": one_line(path), "file": one_line(path)}
    case = SubElement(suite, "testcase", about | ({"line": str(group.first.line)} if group.first else {}))
    text = printable("\n".join(group.lines(path)))
    if is_failure:
        kind = {"type": f"{group.code} {group.name}", "message": one_line(group.sentence)}
        SubElement(case, "failure", kind).text = text
    else:
        SubElement(case, "system-out").text = f"{group.severity}: {text}"
