"""What the data is good for: phantoms and simulated experts; never opens the catalog."""
