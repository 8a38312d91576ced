"""A production environment that holds no real secret, for tests and for .ci/run."""

import base64
import sys

VARIABLES = {
    "GONGJI_ENV": "production",
    "SECRET_KEY": "not-a-secret-" + "Zq7w" * 16,
    "FIELD_KEYS": "1:" + base64.b64encode(b"F" * 32).decode(),
    "INDEX_KEYS": "1:" + base64.b64encode(b"I" * 32).decode(),
    "SEAL_KEYS": "1:" + base64.b64encode(b"S" * 32).decode(),
    "ALLOWED_HOSTS": "yibao.example.gov.cn",
    "DATABASE_URL": "postgresql://gongji@database.example.gov.cn/gongji",
    "UPLOAD_SCANNER": "accounts.scanning.ClamdScanner",
    "SMS_BACKEND": "accounts.sms.ConsoleBackend",
}

if __name__ == "__main__":
    # For a shell: env $(python -m tests.house.production) command
    sys.stdout.write("\n".join(f"{name}={value}" for name, value in VARIABLES.items()) + "\n")
