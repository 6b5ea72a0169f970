"""The client: what is known about one, checked, and kept safely on disk.

``schema`` says what a field can hold, ``models`` which fields there are, ``checks`` what a record may not
contradict, and ``faults`` puts what is wrong in words; ``yaml_files`` and ``tables`` read and write; ``store`` keeps
the folder.
"""
