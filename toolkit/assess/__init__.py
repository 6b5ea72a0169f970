"""Assessment: from a record to what may be said about it."""
