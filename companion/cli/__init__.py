"""The commands; the same services as the window, without Qt."""
