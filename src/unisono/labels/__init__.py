"""Labels, their forms, and the protocols that ask for them."""
