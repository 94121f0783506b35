"""Two runs side by side: what of each is read, weighed and set against the other."""
