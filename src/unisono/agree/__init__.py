"""From many answers to one, with its uncertainty; everything here is derived and can be made again."""
