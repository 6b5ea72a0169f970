"""Publishing: from notebooks and a client's files to verified deliverables, one client or many."""
