"""The dashboard: how far, where, why stuck, who next, and when it will be done."""
