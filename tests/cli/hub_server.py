"""A small hub on 127.0.0.1 for tests: the routes of a Hugging Face hub that `model pull` uses.

Small files come from the hub itself with git's blob hash as ETag; files named in `large` are redirected to a
second port, as the real hub redirects to its storage, with their SHA-256 in X-Linked-Etag. `faults` maps a path of
the repository to a list of troubles, used up one an answer: an HTTP status, "truncate", "reset", "garbage".
"""
import hashlib
import http.server
import json
import threading
import urllib.parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git_sha1(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        hub = self.server.hub
        path = urllib.parse.unquote(self.path)
        with hub.lock:
            hub.requests.append((self.command, self.server.kind, path, dict(self.headers)))
        if self.server.kind == "storage":
            return self.send_file(path.lstrip("/"))
        if hub.down:
            return self.answer(hub.down, b"busy", **({"Retry_After": "0"} if hub.down == 429 else {}))
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            return self.send_listing("/".join(parts[2:4]), "/".join(parts[5:]))
        if len(parts) > 4 and parts[2] == "resolve":
            return self.resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]))
        self.answer(404)

    def refused(self, repository):
        hub = self.server.hub
        if repository in hub.gated and self.headers.get("Authorization") != f"Bearer {hub.token}":
            signed_in = "Authorization" in self.headers
            self.answer(403 if signed_in else 401, b"Access restricted", X_Error_Code="GatedRepo")
            return True
        if repository != hub.repository and repository not in hub.gated:
            self.answer(404 if "Authorization" in self.headers else 401, b"Repository not found", X_Error_Code="RepoNotFound")
            return True
        return False

    def send_listing(self, repository, revision):
        hub = self.server.hub
        if self.refused(repository):
            return
        if revision not in ("main", "v1", COMMIT):
            return self.answer(404, b"Invalid rev id", X_Error_Code="RevisionNotFound")
        if hub.listing is not None:
            return self.answer(200, hub.listing)
        body = json.dumps({"id": repository, "sha": COMMIT, "siblings": [{"rfilename": name} for name in sorted(hub.files)]})
        self.answer(200, body.encode(), Content_Type="application/json")

    def resolve(self, repository, revision, name):
        hub = self.server.hub
        if self.refused(repository):
            return
        if name not in hub.files:
            return self.answer(404, b"Entry not found", X_Error_Code="EntryNotFound")
        content = hub.files[name]
        if name in hub.large:
            return self.answer(302, b"", Location=f"{hub.storage_url}/{urllib.parse.quote(name)}", X_Repo_Commit=COMMIT,
                               X_Linked_Etag=f'"{hub.etags.get(name, hashlib.sha256(content).hexdigest())}"',
                               X_Linked_Size=str(len(content)))
        if self.command == "HEAD":
            return self.answer_head(name, content)
        self.send_file(name)

    def answer_head(self, name, content):
        self.send_response(200)
        self.send_header("ETag", f'"{self.server.hub.etags.get(name, git_sha1(content))}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()

    def send_file(self, name):
        hub = self.server.hub
        content = hub.files[name]
        begin = 0
        if hub.ranges and self.headers.get("Range", "").startswith("bytes="):
            begin = int(self.headers["Range"][6:].split("-")[0])
            if begin >= len(content):
                return self.answer(416)
        with hub.lock:
            fault = hub.faults[name].pop(0) if hub.faults.get(name) else None
        if isinstance(fault, int):
            return self.answer(fault, b"trouble", Retry_After="0")
        if fault == "reset":
            self.close_connection = True
            return self.connection.close()
        body = content[begin:]
        if fault == "garbage":
            body = bytes(len(body))
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "truncate":
            self.wfile.write(body[:len(body) // 2])
            self.close_connection = True
            return
        for at in range(0, len(body), 1 << 16):
            self.wfile.write(body[at:at + (1 << 16)])
            if hub.slow:
                hub.started.set()
                threading.Event().wait(hub.slow)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # A client that goes away is what some tests are about.


class Hub:
    def __init__(self, repository, files, large=()):
        self.repository, self.files, self.large = repository, files, set(large)
        self.token, self.gated, self.ranges, self.slow, self.down, self.listing = "hf_secret", set(), True, 0, 0, None
        self.faults, self.etags, self.requests, self.lock, self.started = {}, {}, [], threading.Lock(), threading.Event()
        self.servers = []
        self.url = self.serve("hub")
        self.storage_url = self.serve("storage")

    def serve(self, kind):
        server = Server(("127.0.0.1", 0), Handler)
        server.hub, server.kind = self, kind
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    def close(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()
