"""The frame around every place: window, lock, help, hide, first run, settings."""
