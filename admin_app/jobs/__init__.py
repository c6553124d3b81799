"""What happens without anybody asking: duties, each with its time, that outlive a worker."""
