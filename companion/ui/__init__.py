"""The window: builds widgets, asks services, shows results."""
