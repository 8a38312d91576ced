"""What the pages of the desk, and of those who paid, show."""
