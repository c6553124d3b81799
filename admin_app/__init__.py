"""The console through which units appoint their administrators and accounts move to the portal."""
