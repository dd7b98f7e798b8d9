"""补救 The way back for what no door took: kept whole, listed for an officer, placed by hand through the door it was meant for."""
