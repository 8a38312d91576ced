"""A daemon that speaks as much of clamd's protocol as we use."""

import contextlib
import shutil
import socketserver
import struct
import tempfile
import threading
from pathlib import Path

from tests.factories.files import EICAR


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.seen.append(content)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(found if self.server.answer is None else self.server.answer)


@contextlib.contextmanager
def running(*, over="unix", answer=None):
    """Gives the server: `address` for CLAMD_ADDRESS, `seen` for what was sent. `answer` replaces the honest one."""
    folder = tempfile.mkdtemp()  # the path of a socket has a hundred letters at most
    if over == "unix":
        path = str(Path(folder) / "clamd")
        server = socketserver.ThreadingUnixStreamServer(path, Handler)
        server.address = f"unix:{path}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.address = f"tcp:127.0.0.1:{server.server_address[1]}"
    server.daemon_threads, server.seen, server.answer = True, [], answer
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        shutil.rmtree(folder)
