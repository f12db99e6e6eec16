"""What every room stands on: errors, settings, units, plug-ins, work."""
