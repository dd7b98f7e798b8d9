"""证 Evidence: photos of any record, proven by their hash, kept as they came.

Words     photo 照片，也是语音 · original 原件 · receipt 回执 · held 已收 · ready 已处理 · unreadable 无法打开 · missing 未到 ·
          refused 不能收存 · lost 曾收到而存储中已无 · scene 记录的时间地点 · flag 提示
Rooms     models.py photos and early uploads · looking.py what a process apart sees in bytes (readers) · rules.py how EXIF and phone differ
          storage.py bytes on disk, surely · bucket.py the same in S3 · losing.py what the storage has not kept
          actions.py declare, take in, process · owners.py whose photo it is · links.py short-lived addresses
          papers/ numbered, frozen papers of any record · official/ official documents as PDF, Word and workbook
Leans on  geo (points), the outbox (derivatives are made after the commit)
"""
