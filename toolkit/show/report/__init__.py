"""The alignment assessment, a page in a file: what it says, shows, and needs where something is missing."""
