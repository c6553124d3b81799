"""What can be said from figures with chance in them, and how surely; pure."""
