"""The deck's slides: one file each, with its title, picture, tables, what it needs and what its presenter says."""
