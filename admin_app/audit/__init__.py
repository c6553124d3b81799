"""What happened, who did it, in which capacity and why: an append-only trail."""
