"""Doors of accidents and of the duty desk."""
