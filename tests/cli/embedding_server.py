"""An OpenAI-compatible /v1/embeddings on 127.0.0.1 for tests. A text's vector is a function of the text alone.

`faults` is a list of troubles used up one request after the probe: an HTTP status, (status, headers), "reset",
"stall", or a function from the right answer (a dict) to the bytes that are sent instead.
"""
import base64
import hashlib
import http.server
import json
import struct
import threading
import time


def vector(text, dimension):
    out = []
    for i in range(dimension):
        digest = hashlib.sha256(f"{i} {text}".encode()).digest()
        out.append(struct.unpack("<i", digest[:4])[0] / 2**31)
    return [struct.unpack("<f", struct.pack("<f", x))[0] for x in out]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, headers=()):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        server = self.server.endpoint
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_probe = request["input"] == ["dimension"]
        with server.lock:
            server.requests.append((self.path, request, dict(self.headers)))
            server.under_way += 1
            server.most_at_once = max(server.most_at_once, server.under_way)
            fault = server.faults.pop(0) if server.faults and (server.faults_at_probe or not is_probe) else None
        try:
            self.respond(server, request, fault)
        finally:
            with server.lock:
                server.under_way -= 1

    def respond(self, server, request, fault):
        if server.delay:
            time.sleep(server.delay)
        if self.path.split("?")[0] != "/v1/embeddings":
            return self.answer(404, b"<html>Not Found</html>")
        if server.key and self.headers.get("Authorization") != f"Bearer {server.key}":
            return self.answer(401, {"error": {"message": f"Incorrect API key: {self.headers.get('Authorization', '')[7:]}"}})
        if server.login and self.headers.get("Authorization") != "Basic " + base64.b64encode(server.login.encode()).decode():
            return self.answer(401, {"error": {"message": "who are you?"}})
        if request["model"] != "tiny":
            return self.answer(404, {"error": {"message": f"The model {request['model']} does not exist"}})
        if fault == "reset":
            self.close_connection = True
            return self.connection.close()
        if fault == "stall":
            server.released.wait(20)
            self.close_connection = True
            return self.connection.close()
        if isinstance(fault, int):
            return self.answer(fault, {"error": {"message": "trouble"}})
        if isinstance(fault, tuple):
            return self.answer(fault[0], {"error": {"message": "trouble"}}, fault[1])
        if not server.knows_base64 and "encoding_format" in request:
            return self.answer(400, {"error": {"message": "unknown field encoding_format"}})
        if len(request["input"]) > server.most_texts:
            return self.answer(413, {"error": "too many texts"})
        for text in request["input"]:
            if len(text) > server.most_characters:
                return self.answer(400, {"error": {"message": f"maximum context length is {server.most_characters} tokens"}})
            if text == "":
                return self.answer(400, {"error": {"message": "input cannot be empty"}})
        dimension = request.get("dimensions", server.dimension)
        if not server.can_shorten:
            dimension = server.dimension
        data = []
        for i, text in enumerate(request["input"]):
            numbers = vector(text, dimension)
            if request.get("encoding_format") == "base64":
                numbers = base64.b64encode(struct.pack(f"<{dimension}f", *numbers)).decode()
            data.append({"object": "embedding", "index": i, "embedding": numbers})
        right = {"object": "list", "model": "tiny", "data": data[::-1], "usage": {"prompt_tokens": len(data), "total_tokens": len(data)}}
        if callable(fault):
            return self.answer(200, fault(right))
        self.answer(200, right)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # A client that goes away is what some tests are about.


class Endpoint:
    def __init__(self, dimension=8):
        self.dimension, self.key, self.login, self.delay = dimension, None, None, 0
        self.knows_base64, self.can_shorten, self.most_texts, self.most_characters = True, True, 2048, 10**6
        self.faults, self.faults_at_probe, self.requests, self.lock = [], False, [], threading.Lock()
        self.under_way, self.most_at_once, self.released = 0, 0, threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.endpoint = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def batches(self):
        return [request["input"] for _, request, _ in self.requests if request["input"] != ["dimension"]]

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
