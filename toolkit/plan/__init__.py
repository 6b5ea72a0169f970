"""Planning: from what is known and assessed to a roadmap."""
