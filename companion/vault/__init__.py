"""The encrypted file and its key; the only package that opens the database."""
