"""The IT alignment toolkit: client, intake, assess, plan, show, publish."""

import os

# A child process that looked for modules in the working directory first would run a stranger's socket.py from there.
# Said here, before there can be any child: multiprocessing's own helpers are among them.
os.environ["PYTHONSAFEPATH"] = "1"
# openpyxl would read and write with lxml wherever that is installed, which the extra pptx brings: other bytes, and no defusedxml.
os.environ["OPENPYXL_LXML"] = "False"
