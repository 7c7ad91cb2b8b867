"""Entries as they come: what is told of a reading to everybody who follows it, and how that goes over the wire."""
