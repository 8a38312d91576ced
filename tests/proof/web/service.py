"""The site as production runs it, for a proof: a PostgreSQL of its own, gunicorn with several workers, TLS, and somebody to kill them."""

import contextlib
import datetime as dt
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.house import production

WORKERS, THREADS = 3, 4
PATIENCE_SECONDS = 30.0
LAST_WORDS = 4000


class Failed(Exception):
    """A process of the site did not end well."""


class Service:
    """Starts on `start`, on a free port of this machine; whoever starts it calls `stop`.

    `environment` is that of every process of the site, so that commands and the world can be made beside it.
    """

    def __init__(self, database_url: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gongji-web-"))
        self.port = _free_port()
        self.address = f"https://127.0.0.1:{self.port}"
        self.certificate, self._key = _certificate(self.folder)
        self.environment = os.environ | production.VARIABLES
        self.environment |= {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ALLOWED_HOSTS": "127.0.0.1",
            "STATIC_ROOT": str(self.folder / "static"),
        }
        self._master: subprocess.Popen[bytes] | None = None
        self.log = self.folder / "log"

    def manage(self, *arguments: str) -> str:
        """What a command of the site prints."""
        return self.python("manage.py", *arguments)

    def python(self, *arguments: str) -> str:
        """What a process of the site's environment prints; raises Failed with its last words where it fails."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise Failed(f"{' '.join(arguments)}: {done.stderr[-LAST_WORDS:]}")
        return done.stdout

    def start(self) -> None:
        self.manage("collectstatic", "--no-input")
        command = [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket"),
            *("--config", "python:config.gunicorn"),
            *("--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--bind", f"127.0.0.1:{self.port}"),
            *("--certfile", str(self.certificate), "--keyfile", str(self._key)),
        ]
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait()

    def wait(self) -> None:
        """Until it answers; raises TimeoutError with what it said."""
        trust = ssl.create_default_context(cafile=self.certificate)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with (
                contextlib.suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(f"{self.address}/healthz", context=trust, timeout=5),
            ):
                return
            time.sleep(0.05)
        raise TimeoutError(self.log.read_text(errors="replace")[-LAST_WORDS:])

    def workers(self) -> list[int]:
        assert self._master
        children = Path(f"/proc/{self._master.pid}/task/{self._master.pid}/children")
        return [int(one) for one in children.read_text().split()]

    def kill(self, worker: int) -> bool:
        """`kill -9`; whether it was still there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
            return True
        return False

    def stop(self) -> None:
        if self._master:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key and its certificate for this machine, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
