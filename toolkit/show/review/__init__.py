"""The slides of the quarterly review, one file each."""
