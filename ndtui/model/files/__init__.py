"""Designs in files: TOML in and out, presets."""
