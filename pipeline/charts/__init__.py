"""The figures: one module each, tables -> SVG and PNG in Chinese and English."""
