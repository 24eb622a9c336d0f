"""The map of a plan: one page that opens with no network and runs nothing from the data."""
