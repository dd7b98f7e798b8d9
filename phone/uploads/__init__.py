"""续传 Photos in pieces (tus 1.0: core, creation, checksum, expiration, termination), onto the storage piece by piece.

Each piece stands wherever the next one arrives: another line, another process, another machine.
"""
