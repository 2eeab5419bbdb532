"""`python -m lawdiff`: the command line."""

from lawdiff.cli import main

if __name__ == "__main__":
    main()
