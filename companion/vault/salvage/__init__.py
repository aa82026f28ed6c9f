"""Gives back what can still be read in a damaged vault, into a new vault; never touches the damaged one."""
