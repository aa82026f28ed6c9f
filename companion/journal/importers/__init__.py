"""One reader for each foreign journal format; runs in a child process."""
