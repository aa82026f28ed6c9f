"""Entries, check-ins and how other journals are brought in."""
