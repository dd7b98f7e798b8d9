"""Shapes of the registers, one file a noun."""
