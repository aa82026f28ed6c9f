"""Public facts readable with no vault: crisis lines and emergency numbers."""
