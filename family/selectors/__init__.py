"""What the pages of family aid need, as frozen dataclasses."""
