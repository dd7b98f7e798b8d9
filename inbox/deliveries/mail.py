"""Mail, by the server of the settings."""

from __future__ import annotations

import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage

from inbox.deliveries.answers import Away, Later, Refused

NEVER = 500  # from this code on a server means it for good


def send(address: str, title: str, text: str, once: str) -> None:
    """The Message-ID is the same when it is tried again, so that a server or a reader that knows it shows it once."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMessage(
        title, text, to=[address], headers={"Message-ID": f"<{once}@{host}>", "Auto-Submitted": "auto-generated"}
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise _of(code, said, "收件地址") from None
    except smtplib.SMTPDataError as refused:
        raise _of(refused.smtp_code, refused.smtp_error, "邮件") from None
    except smtplib.SMTPAuthenticationError:
        raise Away("发信服务器不认发信账号或口令") from None
    except smtplib.SMTPResponseException as refused:
        raise Away(f"发信服务器答复 {refused.smtp_code}") from None
    except ssl.SSLError:
        raise Away("发信服务器的证书不可信") from None
    except TimeoutError:
        raise Away("发信服务器没有按时答复") from None
    except (smtplib.SMTPException, OSError):
        raise Away("发信服务器连不上") from None


def _of(code: int, said: bytes | str, what: str) -> Refused | Later:
    """Words of the server are not shown: it may say anything."""
    return Refused(f"{what}被拒收（{code}）") if code >= NEVER else Later(f"{what}暂不接收（{code}）")
