"""疑似重复: visits that may have been entered twice, proposed by person, place and time; joined or not by a person."""
