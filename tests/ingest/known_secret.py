"""One site secret for all tests, so that names made with it are the same in each: drawn once at random."""

from unisono.ingest.identity.keys import derive_keys

SECRET = bytes.fromhex("b3e583b349dd275ef931286917c9bbe9e6b81e5794e262f10bd68118f85987ec")
KEYS = derive_keys(SECRET)
