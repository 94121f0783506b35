"""Pure statistics: arrays in, arrays out, every formula with its source."""
