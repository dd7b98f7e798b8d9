"""疑似同一起: records that may be the same accident, proposed by place and time; joined or not by a person."""
