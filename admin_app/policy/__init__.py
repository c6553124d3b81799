"""Who may do what: the only place where authority is decided."""
