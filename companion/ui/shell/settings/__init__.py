"""The Settings place: a list of short pages, each change counting at once."""
