"""The help: articles in both languages that an operator can edit, and finding one."""
