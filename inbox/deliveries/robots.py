"""群机器人 WeCom and DingTalk: both answer errors with HTTP 200 and an `errcode`, and take twenty messages a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from urllib.parse import urlencode

from inbox.deliveries.answers import Away
from inbox.deliveries.posting import post

TOO_FAST = {
    45009: timedelta(minutes=1),
    45033: timedelta(minutes=1),
    **dict.fromkeys((130101, 410100, 90018, 90030), timedelta(minutes=10)),
}
KNOWN = {
    93000: "机器人已被移出群，或地址有误", 93008: "机器人所在的群已解散", 40058: "内容不合要求", 40008: "内容不合要求", 300001: "地址有误",
    300005: "地址有误", 310000: "加签、关键词或 IP 白名单不符", 400102: "机器人已停用", 400101: "地址有误", 400013: "群已解散", 430101: "内容被拦截",
}  # fmt: skip


def send(robot: dict[str, str], text: str) -> None:
    """`robot`: of the settings. Raises Away: who is refused here is the robot, whatever it was to say."""
    answer = post(_signed(robot), {"msgtype": "text", "text": {"content": text}})
    said = answer.said if isinstance(answer.said, dict) else {}
    code = said.get("errcode")
    if answer.status == 200 and code == 0 and type(code) is int:
        return
    if code in TOO_FAST:
        raise Away(f"群机器人限速（{code}）", TOO_FAST[code])
    if answer.status != 200 or type(code) is not int:
        raise Away(f"群机器人答复 {answer.status}，不合约定")
    raise Away(f"{KNOWN.get(code, '群机器人不收')}（{code}）")


def _signed(robot: dict[str, str]) -> str:
    """DingTalk's 加签: HMAC-SHA256 of "ms\\nsecret" by the secret, good for an hour."""
    if not robot["secret"]:
        return robot["url"]
    stamp = str(round(time.time() * 1000))
    mark = hmac.new(robot["secret"].encode(), f"{stamp}\n{robot['secret']}".encode(), hashlib.sha256).digest()
    joint = "&" if "?" in robot["url"] else "?"
    return f"{robot['url']}{joint}{urlencode({'timestamp': stamp, 'sign': base64.b64encode(mark).decode()})}"
