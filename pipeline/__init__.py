"""Jingyan: from Chinese policy texts to words, likenesses, groups and a report."""

__version__ = "0.1.0"
