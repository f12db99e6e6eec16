"""The search for words on the masked pictures, and whom they name."""
