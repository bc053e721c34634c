"""An import on the screen."""

from richsync.display.imports.endings import show_account
from richsync.display.imports.teller import ScreenTeller

__all__ = ["ScreenTeller", "show_account"]
