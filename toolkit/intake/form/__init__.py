"""The intake form: widgets over the one schema, in JupyterLab or through Voilà.

``sections`` says what is asked where; ``fields``, ``entry`` and ``listing`` are how it is asked;
``answering``, ``scoring``, ``arriving`` and ``review`` the parts that are more than fields; ``shell`` the whole.
"""

from toolkit.intake.form.shell import Form

__all__ = ["Form"]
