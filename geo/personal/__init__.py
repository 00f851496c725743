"""What identifies a person, and how it is kept out of everything that is stored or said again."""
