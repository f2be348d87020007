"""Exercises and quiz of lesson 6."""
