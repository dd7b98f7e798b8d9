"""手机端 The phone: everything it needs to work without a line, and a way back for all that it made.

Words     sync 同步 · stream 一类数据 · round 一轮同步 · gone 不再属于本机的 · rescue 补救
Rooms     sync/ what changed for whoever holds the phone
Leans on  every room below that a phone shows something of
"""
