"""Vigie: a news article in, one proven record out."""

__version__ = "0.1.0"
