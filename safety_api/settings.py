"""All configuration, read once from the environment. A wrong value stops the start with a hint.

Production is the default; EMBEDDED=1 (set by `./safety`) opens only what a single machine needs:
plain HTTP on the loopback address and the demo accounts.
"""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from safety_api.environment import (
    KNOWN,
    RABBIT,
    READER,
    address,
    broker,
    database,
    flag,
    number,
    rate,
    redis,
    robots,
    secret,
    text,
    words,
)
from safety_api.roles import Role

BASE_DIR = Path(__file__).resolve().parent.parent

# --- what kind of place this is -------------------------------------------------------------------------------------
EMBEDDED = flag("EMBEDDED", False, "单机内置模式，由 ./safety 设置")
DEBUG = flag("DEBUG", False, "调试模式，生产环境必须为 0")
DEMO = flag("DEMO", EMBEDDED, "装入演示数据（仅内置模式）")
if DEMO and not EMBEDDED:
    raise ImproperlyConfigured("DEMO=1 只能用于内置模式（./safety）：演示账号不得出现在生产环境。")
DEMO_PASSWORD = secret("DEMO_PASSWORD", "", "演示账号的口令")
BUILT_DIR = Path(text("BUILT_DIR", str(BASE_DIR / "built"), "网页的脚本与样式（ops/pages.py 生成）"))
STATE_DIR = Path(text("STATE_DIR", str(BASE_DIR / ".state"), "内置模式的数据目录"))
PORT = number("PORT", 8000, "网页端口", least=1, most=65535)
SECRET_KEY = secret("SECRET_KEY", None, "签名密钥，至少 50 个字符")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY 太短：至少 50 个字符，例如 openssl rand -base64 48。")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if EMBEDDED else "", "允许的主机名，逗号分隔")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS 为空：请写上对外的主机名，例如 aqjg.example.gov.cn。")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", "", "允许提交表单的来源，形如 https://主机名")

# --- rooms, from the ground up: an app imports only from those before it ----------------------------------------------
OUR_APPS = [  # planned; those that are not built yet fall out below
    "safety_api",
    "reference",
    "accounts",
    "inbox",
    "geo",
    "evidence",
    "enterprises",
    "committee",
    "registers",
    "risks",
    "hazards",
    "enforcement",
    "inspections",
    "accidents",
    "zero_accident",
    "supervision",
    "plans",
    "assessment",
    "ledgers",
    "duty_room",
    "pages",
    "phone",
    "console",
]
OUR_APPS = [app for app in OUR_APPS if (BASE_DIR / app / "apps.py").exists()]
INSTALLED_APPS = [
    *OUR_APPS,
    "accounts.apps.SupportAdmin",  # django.contrib.admin with our sign-in
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_prometheus",
]
MIDDLEWARE = [
    "safety_api.middleware.TraceMiddleware",
    "safety_api.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionEndMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "safety_api.urls"
WSGI_APPLICATION = "safety_api.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- data --------------------------------------------------------------------------------------------------------------
# The run role owns nothing; migrations run with DATABASE_URL set to the owner's (docs/operations.md).
DATABASES = {"default": database("DATABASE_URL", None, "PostGIS 数据库，运行角色 safety_app")}
KNOWN["MIGRATE_DATABASE_URL"] = "PostGIS 数据库，建表角色 safety_owner，仅迁移时使用"
# A pooler in transaction mode lends a session for one transaction: nothing of ours may outlive it (docs/operations.md, PgBouncer).
DATABASE_POOLED = flag("DATABASE_POOLED", False, "DATABASE_URL 指向事务模式的连接池（PgBouncer）")
if DATABASE_POOLED and "options" in DATABASES["default"].get("OPTIONS", {}):
    raise ImproperlyConfigured("DATABASE_POOLED=1 时 DATABASE_URL 不能带 options=…：请写在数据库角色上（ALTER ROLE … SET …）。")
DATABASES["default"] |= {
    "CONN_MAX_AGE": None,  # one connection a thread: a new one costs PostgreSQL 15 ms
    "CONN_HEALTH_CHECKS": False,  # a lost connection is answered with 503 and closed; a check would cost every request a query
    "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLED,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {
        "application_name": "safety",
        # Statements repeat: from the third time on PostgreSQL keeps the plan of each (see bench/).
        "server_side_binding": True,
        "prepare_threshold": None if DATABASE_POOLED else 3,
    },
    "TEST": {"NAME": text("TEST_DATABASE_NAME", "test_safety", "测试库名")},
}
REPLICA_URL = secret("REPLICA_URL", "", "只读副本，列表、地图、排名由它作答；空：都由主库作答")
REPLICA_LAG = number("REPLICA_LAG", 5, "只读副本最多落后多少秒，超过即由主库作答", least=1, most=60)
if REPLICA_URL:
    _replica = database("REPLICA_URL", None, "只读副本", leads_to=READER)
    _session = {name: DATABASES["default"]["OPTIONS"][name] for name in ("application_name", "server_side_binding", "prepare_threshold")}
    DATABASES["replica"] = DATABASES["default"] | _replica | {"OPTIONS": _replica["OPTIONS"] | _session | {"connect_timeout": 2}}
STANDBY_PATIENCE = number("STANDBY_PATIENCE", 5, "写入等待同步备机确认的最多秒数（主库设了同步备机时）", least=1, most=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = redis("REDIS_URL", "Redis，缓存（未设 BROKER_URL 时也是任务队列），例如 redis://redis:6379/0 或 unix:///…/redis.sock")
REDIS_CLIENT = {  # one way for every client of ours: a line that Redis cut is opened again once, at once, and nobody waits longer
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry": Retry(NoBackoff(), 1),
}
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "safety",
        # Redis gone: sign-in and writing go on, throttles let pass, /readyz says so.
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "CONNECTION_POOL_KWARGS": REDIS_CLIENT},
    }
}

# --- files -------------------------------------------------------------------------------------------------------------
STATIC_URL, STATIC_ROOT = "/static/", Path(text("STATIC_ROOT", str(BASE_DIR / "staticfiles"), "静态文件目录"))
STORAGE = text("STORAGE", "folder", "照片存放方式", one_of=("folder", "s3"))
STORAGE_DIR = Path(text("STORAGE_DIR", str(STATE_DIR / "photos"), "照片目录（STORAGE=folder）"))
STORAGES = {
    "default": {"BACKEND": "evidence.storage.DurableFolder", "OPTIONS": {"location": str(STORAGE_DIR)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if STORAGE == "s3":
    STORAGES["default"] = {
        "BACKEND": "evidence.bucket.Bucket",
        "OPTIONS": {
            "bucket": text("S3_BUCKET", None, "S3 桶名"),
            "endpoint": text("S3_ENDPOINT", None, "S3 地址（境内）"),
            "access_key": secret("S3_ACCESS_KEY", None, "S3 访问标识"),
            "secret_key": secret("S3_SECRET_KEY", None, "S3 访问密钥"),
            "region": text("S3_REGION", "us-east-1", "S3 区域"),
            # Servers of one's own know buckets by their path, some clouds by their host name alone.
            "addressing": text("S3_ADDRESSING", "path", "桶名写在路径里还是主机名里", one_of=("path", "virtual")),
        },
    }
for _name, _about in {
    "S3_BUCKET": "S3 桶名",
    "S3_ENDPOINT": "S3 地址",
    "S3_REGION": "S3 区域",
    "S3_ADDRESSING": "桶名写在路径里还是主机名里",
    "S3_ACCESS_KEY": "S3 访问标识",
    "S3_SECRET_KEY": "S3 访问密钥",
    "S3_ACCESS_KEY_FILE": "S3_ACCESS_KEY 所在的文件",
    "S3_SECRET_KEY_FILE": "S3_SECRET_KEY 所在的文件",
}.items():
    KNOWN.setdefault(_name, _about)
FONT_DIR = text("FONT_DIR", "", "中文字体 NotoSerifCJK-Regular.ttc 所在目录，缺省为 fonts-noto-cjk 的位置")
PUBLIC_URL = text("PUBLIC_URL", "", "对外网址，印入文书的核验二维码，例如 https://aqjg.example.gov.cn；空：请求所用的网址").rstrip("/")
if PUBLIC_URL and not PUBLIC_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("PUBLIC_URL 应以 https:// 开头，例如 https://aqjg.example.gov.cn。")
BACKDROP_URL = secret("BACKDROP_URL", "", "隐患图的底图瓦片（例如天地图），含 {z} {x} {y}，密钥写在地址里，只由服务器访问；空：只用本系统的图层")
if BACKDROP_URL and not (BACKDROP_URL.startswith("https://") and all(each in BACKDROP_URL for each in ("{z}", "{x}", "{y}"))):
    raise ImproperlyConfigured("BACKDROP_URL 应以 https:// 开头，并含有 {z}、{x}、{y}。")
PHOTO_MAX_BYTES = number("PHOTO_MAX_MB", 30, "一张照片最大兆字节", least=1, most=200) * 1024 * 1024
PHOTO_MAX_PIXELS = number("PHOTO_MAX_MEGAPIXELS", 120, "一张照片最大百万像素", least=1, most=1000) * 1_000_000
JSON_MAX_BYTES = 2 * 1024 * 1024  # an inspection with 200 answers and 50 hazards is below 200 KB
DATA_UPLOAD_MAX_MEMORY_SIZE = JSON_MAX_BYTES

# --- people ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
KNOX_TOKEN_MODEL = "accounts.Device"  # noqa: S105 - the name of a model
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=30),
    "AUTH_HEADER_PREFIX": "Bearer",
    "AUTO_REFRESH": False,
}
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.NameAndPassword"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ThreeOfFourClasses"},
]
SECOND_FACTOR_ROLES = words(
    "SECOND_FACTOR_ROLES", "", "必须使用动态口令的角色，逗号分隔；ALL 表示全部工作人员", one_of=("ALL", *Role.values)
)
OTP_TOTP_ISSUER = "safety"
# Lock per account, never per address: an office shares one (GB/T 22239-2019, docs/security.md).
AXES_FAILURE_LIMIT = number("LOGIN_FAILURES", 5, "口令输错几次后锁定账号", least=3, most=20)
AXES_COOLOFF_TIME = timedelta(minutes=number("LOGIN_LOCK_MINUTES", 15, "锁定多少分钟", least=1, most=1440))
AXES_CLIENT_IP_CALLABLE = "accounts.throttles.ip_of"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = False  # accounts.attempts.passed does, but not what strangers did while a known device signs in
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger could keep an account locked for ever
AXES_DISABLE_ACCESS_LOG = True  # the trail holds sign-ins
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
LOGIN_THROTTLE = rate("LOGIN_THROTTLE", "60/min", "每个网络地址每分钟登录次数上限")
LOGIN_FAILURES_PER_HOUR = number("LOGIN_FAILURES_PER_HOUR", 300, "每个网络地址每小时输错口令的上限，已知终端不计", least=20)
LOGIN_FAILURES_PER_DAY = number("LOGIN_FAILURES_PER_DAY", 1000, "每个网络地址每天输错口令的上限，已知终端不计", least=20)
LOGIN_URL = "/sign-in"
CSRF_FAILURE_VIEW = "console.refusals.forged"
SESSION_IDLE = timedelta(minutes=number("SESSION_IDLE_MINUTES", 30, "网页无操作多少分钟后退出", least=5, most=480))
SESSION_COOKIE_AGE = 12 * 3600  # the absolute end of a page's session
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- the web -----------------------------------------------------------------------------------------------------------
HTTPS = flag("HTTPS", not EMBEDDED, "对外只用 https（反向代理负责证书）")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, in plain HTTP
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0 if EMBEDDED else 1, "前面有几层反向代理", most=5)
# Slow lines (safety_api/front): a request has the computing thread only while it computes. All of them for each web process.
BODY_MAX_BYTES = max(
    number("BODY_MAX_MB", 64, "一次提交的内容最大兆字节", least=2, most=512) * 1024 * 1024, PHOTO_MAX_BYTES
)
LINES_MAX = number("LINES_MAX", 512, "每个网页进程同时等待内容的连接上限", least=1, most=4096)
LINES_PER_ADDRESS = number("LINES_PER_ADDRESS", 256, "其中来自同一网络地址的上限", least=1, most=4096)
LINE_STALLED_SECONDS = number("LINE_STALLED_SECONDS", 30, "连接多少秒没有进展即断开", least=1, most=600)
SPOOL_MEMORY_BYTES = number("SPOOL_MEMORY_MB", 32, "等待中的内容最多占用的内存，兆字节", least=1, most=1024) * 1024 * 1024
SPOOL_DISK_BYTES = number("SPOOL_DISK_MB", 2048, "等待中的内容最多占用的磁盘，兆字节", least=1) * 1024 * 1024
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.DeviceToken",
        "accounts.authentication.PageSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["safety_api.permissions.ByRole"],
    "DEFAULT_PARSER_CLASSES": ["safety_api.parsers.StrictJSON"],
    "DEFAULT_RENDERER_CLASSES": ["safety_api.renderers.Json"],
    "DEFAULT_SCHEMA_CLASS": "safety_api.schema.Schema",
    "EXCEPTION_HANDLER": "safety_api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is a parameter of ledgers, and unknown elsewhere
    "UNICODE_JSON": True,
    "STRICT_JSON": True,
    "DATETIME_FORMAT": "iso-8601",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_THROTTLE_RATES": {"login": LOGIN_THROTTLE},
}

# --- messages that go out: mail, short messages, robots of groups (docs/channels.md) ------------------------------------------
# Addresses and secrets are the operator's alone; which notices go where stands in reference/data/outward_notices and in the table of robots.
MESSAGE_SIGNATURE = text("MESSAGE_SIGNATURE", "安全生产监管", "外发消息开头的签名，如【兴县应急】中的字")
EMAIL_HOST = text("EMAIL_HOST", "", "发信服务器；空：不发邮件")
EMAIL_PORT = number("EMAIL_PORT", 465, "发信服务器端口", least=1, most=65535)
EMAIL_SECURITY = text("EMAIL_SECURITY", "tls", "发信加密：tls（465）、starttls（587）或 none", one_of=("tls", "starttls", "none"))
EMAIL_USE_SSL, EMAIL_USE_TLS = EMAIL_SECURITY == "tls", EMAIL_SECURITY == "starttls"
EMAIL_HOST_USER = text("EMAIL_HOST_USER", "", "发信账号")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD", "", "发信口令（授权码）")
DEFAULT_FROM_EMAIL = text("EMAIL_FROM", EMAIL_HOST_USER, "发件人地址，缺省为发信账号")
if EMAIL_HOST and "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("设了 EMAIL_HOST 时须有发件人地址：EMAIL_FROM=anquan@example.gov.cn。")
EMAIL_TIMEOUT = 10  # seconds
SMS_GATEWAY = text("SMS_GATEWAY", "", "短信网关：http，或 recording（只记录，仅内置模式）；空：不发短信", one_of=("", "http", "recording"))
SMS_URL = address("SMS_URL", "", "短信网关地址（SMS_GATEWAY=http）", plain=True)  # often in a network of its own
SMS_TOKEN = secret("SMS_TOKEN", "", "短信网关的访问令牌，随 Authorization: Bearer 发出")
if SMS_GATEWAY == "http" and not SMS_URL:
    raise ImproperlyConfigured("SMS_GATEWAY=http 时须有 SMS_URL，例如 https://sms.example.gov.cn/send。")
if SMS_GATEWAY == "recording" and not EMBEDDED:
    raise ImproperlyConfigured("SMS_GATEWAY=recording 只记录、不发送，只能用于内置模式（./safety）。")
ROBOTS = robots("ROBOTS", "群机器人的地址和密钥（JSON）：企业微信 wecom、钉钉 dingtalk", plain=EMBEDDED)

# --- time and language ---------------------------------------------------------------------------------------------------
TIME_ZONE, USE_TZ = "Asia/Shanghai", True  # stored in UTC, spoken in county time
LANGUAGE_CODE, USE_I18N = "zh-hans", True
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# --- work after the commit -------------------------------------------------------------------------------------------------
BROKER_URL = broker("BROKER_URL", REDIS_URL, "任务队列，缺省为 REDIS_URL；RabbitMQ 例如 amqp://用户:口令@主机:5672/safety")
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS: dict = {
    "visibility_timeout": 900,  # above the longest task
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 3,
    "socket_connect_timeout": 1,
    "max_retries": 0,  # a web request never waits for a dead broker: the outbox has the message anyway
}
if BROKER_URL.startswith(RABBIT):
    # Sent is what the broker has written on a majority of its nodes. A lost machine is noticed within a minute.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True, "connect_timeout": 3}
    CELERY_BROKER_HEARTBEAT = 30
    CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # a delivery that took longer than the broker waits: the worker goes on, and does not end
    # A name of its own: RabbitMQ refuses a queue that stands there already with other words. Change them, and change the name.
    CELERY_TASK_DEFAULT_QUEUE = "safety-quorum"
    CELERY_TASK_QUEUES = {
        CELERY_TASK_DEFAULT_QUEUE: {
            "exchange": CELERY_TASK_DEFAULT_QUEUE,
            "exchange_type": "topic",  # what is to be tried again in ten seconds waits in the broker, and comes back by a topic
            "queue_arguments": {
                "x-queue-type": "quorum",
                "x-delivery-limit": 20,  # RabbitMQ 4's own, said for 3 too: a task that kills its worker ends
                "x-consumer-timeout": 3_600_000,  # ms, above the longest task; before 3.12 the broker's own setting holds
            },
        }
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # without an end: a worker does not end because the broker is long away
CELERY_BEAT_SCHEDULER = "safety_api.clock:WaitingScheduler"
# A task goes on when the line to the broker is lost; safety_api.alone keeps the second copy from running beside it.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "drain-outbox": {"task": "safety_api.tasks.drain_outbox", "schedule": 2.0, "options": {"expires": 2}},
    "seal-trail": {"task": "safety_api.tasks.seal_trail", "schedule": 60.0, "options": {"expires": 60}},
    "join-early-photos": {"task": "evidence.tasks.join_early", "schedule": 300.0, "options": {"expires": 300}},
    "find-lost-photos": {"task": "evidence.tasks.find_lost", "schedule": 300.0, "options": {"expires": 300}},
    "forget-uploads": {"task": "phone.tasks.forget_uploads", "schedule": crontab(hour=3, minute=30)},
    "refresh-grid": {"task": "geo.tasks.refresh_grid", "schedule": 20.0, "options": {"expires": 20}},
    "rebuild-grid": {"task": "geo.tasks.rebuild_grid", "schedule": crontab(hour=0, minute=5)},
    "refresh-figures": {"task": "zero_accident.tasks.refresh_figures", "schedule": crontab(hour=0, minute=10)},
    "watch-clocks": {"task": "accidents.tasks.watch_clocks", "schedule": 60.0, "options": {"expires": 60}},
    # before the classes are evaluated; every hour, because a day that is done costs one query and a missed midnight is caught up
    "turn-clocks": {"task": "hazards.tasks.turn_clocks", "schedule": crontab(minute=5), "options": {"expires": 3000}},
    "rebuild-hazard-figures": {"task": "hazards.tasks.rebuild_figures", "schedule": crontab(hour=2, minute=40)},
    "propose-listings": {"task": "enforcement.tasks.propose_listings", "schedule": crontab(hour=0, minute=30)},
    "remind-of-handovers": {"task": "enforcement.tasks.remind_of_handovers", "schedule": crontab(hour=8, minute=5)},
    "remind-of-dues": {"task": "enterprises.tasks.remind_of_dues", "schedule": crontab(hour=8, minute=10)},
    "deliver-notices": {"task": "inbox.tasks.deliver", "schedule": 5.0, "options": {"expires": 5}},
    "forget-deliveries": {"task": "inbox.tasks.forget_old", "schedule": crontab(hour=3, minute=35)},
    "forget-keys": {"task": "safety_api.tasks.forget_old_keys", "schedule": crontab(hour=3, minute=10)},
    # on 1 January, April, July and October this is the scheduled review
    "evaluate-classes": {"task": "supervision.tasks.evaluate_all", "schedule": crontab(hour=1, minute=30)},
    # what the first of the month missed the next day opens; after the figures of the year have been refreshed
    "open-closings": {"task": "assessment.tasks.open_closings", "schedule": crontab(hour=0, minute=40)},
    # after the closings are opened; a day missed is caught up, a day done costs one query
    "draft-bulletins": {"task": "assessment.tasks.draft_bulletins", "schedule": crontab(day_of_month="1-5", hour=1, minute=5)},
    "draft-the-year": {
        "task": "assessment.yearly.tasks.draft_the_year",
        "schedule": crontab(month_of_year=1, hour=3, minute=40),
    },
    "turn-posts": {"task": "accounts.tasks.turn_posts", "schedule": crontab(minute="*/10"), "options": {"expires": 600}},
    "forget-sign-ins": {"task": "accounts.tasks.forget_ended_sign_ins", "schedule": crontab(hour=3, minute=20)},
}

# --- documents of the API ---------------------------------------------------------------------------------------------------
SPECTACULAR_SETTINGS = {
    "TITLE": "兴县安全生产监管接口",
    "DESCRIPTION": "检查、隐患、事故、零事故创建与分类监管。约定见各节说明；错误一律为 application/problem+json。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "safety_api.schema.every_answer_may_be_a_problem",
    ],
}

# --- logs: one JSON object a line, with the trace id that also stands in every problem --------------------------------------
LOG_LEVEL = text("LOG_LEVEL", "INFO", "日志级别", one_of=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "safety_api.logs.json_formatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "CRITICAL"},  # the trace middleware says it once, with its trace id
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "axes": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = [
    "gis.W001",  # GDAL never sees a caller's text: points are built from two numbers (docs/security.md)
    "axes.W002",  # axes' middleware would answer a lock in its own words; ours answers `account_locked`
    "axes.W006",  # per address only throttling: an office shares one (docs/security.md)
]
PROMETHEUS_EXPORT_MIGRATIONS = False
KNOWN_VARIABLES = frozenset(KNOWN) | {"DJANGO_SETTINGS_MODULE"}
