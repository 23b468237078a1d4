"""`python -m translator` is the command `qos-translator`."""

import sys

from translator.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
