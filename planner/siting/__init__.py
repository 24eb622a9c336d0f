"""Decides where stations stand."""
