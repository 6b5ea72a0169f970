"""The client: what is known about one, checked, and kept safely on disk.

``fields`` holds kinds of value with their limits; ``facts``, ``work``, ``answers`` and
``questionnaire`` the models; ``yaml_files`` and ``tables`` read and write them; ``faults`` says what
is wrong with them; ``check`` what contradicts itself; ``store`` keeps the folder.
"""
