"""人 Accounts: who works here, for which place and sectors, with which certificate, from which device.

Words     role 岗位 · jurisdiction 管辖（区划前缀 × 行业 × 本单位） · certificate 执法证 · device 终端 · second factor 动态口令
Rooms     models.py users, devices, certificates, posts, deputies · administering.py accounts of others · deputies.py · recovery.py lost passwords
          authentication.py token and session · actions.py every change of an account
          passwords.py what a password must be · second_factor.py who must prove one · backends.py name and password
Leans on  reference (departments, sectors)
"""
