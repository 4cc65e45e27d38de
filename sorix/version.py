"""The version, as generated text names it too."""

__version__ = "0.1.0"
