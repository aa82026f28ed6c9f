"""Long campaigns against the real program: killed, damaged, starved, watched; each seeded, each with a judge."""
