"""richsync moves a shop's order history into Richpanel: rsync for orders."""

__version__ = "0.1.0"
