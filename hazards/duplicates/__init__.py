"""疑似重复: hazards that may have been entered twice, proposed by place and words; joined or not by a person."""
