"""The client: what is known about one, checked, and kept safely on disk.

``schema`` holds every field with its label, ``field_types`` the kinds of value that a field can hold, ``checks`` what a record
may not contradict, and ``faults`` puts what is wrong in words; ``record_yaml`` and ``record_csv`` read and write; ``store``
keeps the folder.
"""
