"""What a bundle is made of: the archive, what a private one may hold, its README, and when two files say the same."""
