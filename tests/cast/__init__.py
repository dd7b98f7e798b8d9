"""Who and what the tests act with, a module for each noun: people, units, visits, hazards, accidents and what follows from them."""
