"""What people ask for and somebody decides: joining a unit, and cases that need a hand."""
