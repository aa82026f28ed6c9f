"""Companion: a private place for one person in recovery, on their own computer only."""

__version__ = "0.1.0"
