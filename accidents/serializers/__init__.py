"""Shapes of accidents and of the duty desk."""
