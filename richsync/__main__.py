"""`python -m richsync`."""

from richsync.cli import main

if __name__ == "__main__":
    main()
