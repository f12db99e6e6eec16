"""What the site knows: rows in one database, frames in one folder. Only a room's ``run`` opens it."""
