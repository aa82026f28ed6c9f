"""Figures: what Companion costs against a baseline that ran in the same minutes on the same machine."""
