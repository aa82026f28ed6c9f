"""The Journal place."""
