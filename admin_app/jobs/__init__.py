"""What happens apart from requests: duties, each with its time, and long jobs asked for once."""
