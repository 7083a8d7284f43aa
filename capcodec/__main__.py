"""``python -m capcodec``."""

import sys

from .cli import main

sys.exit(main())
