"""One writer for each format that notes are taken out in, and the places they write to."""
