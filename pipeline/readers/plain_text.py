"""Plain text."""


def looks_like_word_table(data, path):
    return True
