"""Natural persons and staff: who they are, how well verified, and how they are signed in."""
