"""Every write of the registers, one file a noun: lock, check, move, one line in the trail, and what the floors are told."""
