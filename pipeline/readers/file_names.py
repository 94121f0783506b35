"""What a file's name says."""

from pathlib import Path


def in_natural_order(paths):
    return sorted(paths)


def readable(path, raw):
    return ""


def fields_of(name):
    return {"name": Path(name).stem, "title": Path(name).stem}


def shown(name):
    return name
