"""Calls between leaders → messages to the desk."""
