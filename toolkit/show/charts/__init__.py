"""The charts that report and deck share: each with its message, its data and its picture at either width."""
