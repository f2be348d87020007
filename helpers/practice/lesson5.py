"""Exercises and quiz of lesson 5."""
