"""The parts of the fuzz campaign: how input is spoiled, what it is spoiled from, and who reads it."""
