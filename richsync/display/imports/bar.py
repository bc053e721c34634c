"""The bar of a sending, which moves on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
from rich.table import Column
from rich.text import Text

from richsync.shown import printable

_BAR_WIDTH = 20


class Way(Protocol):
    """How far it is: so many of a total are done, and the rest in words."""

    total: int

    @property
    def done(self) -> int:
        """Of the total."""
        ...

    def told(self) -> str:
        """What stands beside the bar."""
        ...


@contextmanager
def moving(way: Way, console: Console) -> Iterator[Callable[[], None]]:
    """Show the bar; what is given moves it on."""
    done = MofNCompleteColumn(table_column=Column(no_wrap=True))
    columns = ("sending", BarColumn(_BAR_WIDTH), done, _Told(way))
    with _Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=way.total)
        yield lambda: bar.update(task, completed=way.done)


class _Told(ProgressColumn):
    """Drawn anew several times a second, so that a wait is seen to pass."""

    def __init__(self, way: Way) -> None:
        super().__init__(Column(no_wrap=True, overflow="ellipsis"))
        self._way = way

    def render(self, task: Task) -> Text:
        return Text(printable(self._way.told()))


class _Progress(Progress):
    """Leaves room for the `^C` that a terminal writes behind it: a full line would go on below."""

    def get_renderable(self) -> RenderableType:
        return _Narrow(super().get_renderable())


class _Narrow:
    def __init__(self, bars: RenderableType) -> None:
        self._bars = bars

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self._bars, options.update_width(options.max_width - len("^C^C ")))
