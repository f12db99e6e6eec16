"""Turn ultrasound recordings into benchmark-grade datasets labelled by many experts."""

__version__ = "0.1.0"
