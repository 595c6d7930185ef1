"""Drives a headless Chromium through its debugging pipe: no driver, no network, no port."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

FLAGS = [
    "--headless=new", "--no-sandbox",
    "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-default-apps", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--mute-audio",
    # Whatever asks for a name gets nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip

# How a browser without a graphics card gets its pixels: a GPU process that runs on the processor (WebGL is there, slowly, and
# layers are laid over each other by it), or none at all (no WebGL, layers are laid over each other in memory).
GRAPHICS = {
    "swiftshader": ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    "none": ["--disable-gpu"],
}


def find_chromium() -> str | None:
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((found for name in names if (found := shutil.which(name))), None)


class Browser:
    """One Chromium with one page. Collects console messages, exceptions and requests."""

    def __init__(self, program: str, graphics: str = "swiftshader"):
        self.profile = tempfile.mkdtemp(prefix="report-chromium-")
        to_child, self.outgoing = os.pipe()
        self.incoming, from_child = os.pipe()
        # The protocol speaks on descriptors 3 (to the browser) and 4 (from it).
        flags = [*FLAGS, *GRAPHICS[graphics], f"--user-data-dir={self.profile}", "about:blank"]
        relay = 'exec "$0" "$@" 3<&%d 4>&%d' % (to_child, from_child)
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", relay, program, *flags],
            pass_fds=(to_child, from_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_child)
        os.close(from_child)
        self.buffer = b""
        self.next_id = 0
        self.answers: dict[int, dict] = {}
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.events: list[dict] = []  # Of tracing and downloads, as they came.
        self.session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def close(self) -> None:
        try:
            self.session = None
            self.call("Browser.close", timeout_s=5)
            self.process.wait(10)
        except Exception:
            self.process.kill()
            self.process.wait(10)
        finally:
            os.close(self.outgoing)
            os.close(self.incoming)
            shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def post(self, method: str, **parameters: object) -> int:
        """Sends without waiting for the answer."""
        self.next_id += 1
        message: dict = {"id": self.next_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.outgoing, data) :]
        while select.select([self.incoming], [], [], 0)[0]:  # Both ends must not wait at once.
            self._receive(1, method)
        return self.next_id

    def call(self, method: str, timeout_s: float = 60, **parameters: object) -> dict:
        number = self.post(method, **parameters)
        deadline = time.monotonic() + timeout_s
        while number not in self.answers:
            self._receive(deadline - time.monotonic(), method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def _receive(self, timeout_s: float, method: str) -> None:
        ready, _, _ = select.select([self.incoming], [], [], max(0, timeout_s))
        if not ready:
            raise TimeoutError(f"no answer to {method}")
        chunk = os.read(self.incoming, 1 << 16)
        if not chunk:
            raise RuntimeError(f"the browser ended during {method}")
        self.buffer += chunk
        *messages, self.buffer = self.buffer.split(b"\0")
        for raw in messages:
            self._take(json.loads(raw))

    def _take(self, message: dict) -> None:
        if "id" in message:
            self.answers[message["id"]] = message
            return
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            text = " ".join(str(a.get("value", a.get("description"))) for a in params["args"])
            self.problems.append(f"console.{params['type']}: {text}")
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(f"{params['entry']['source']}: {params['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method and method.startswith(("Tracing.", "Browser.download")):
            self.events.append(message)

    def wait_event(self, method: str, timeout_s: float = 60) -> dict:
        deadline = time.monotonic() + timeout_s
        while True:
            for event in self.events:
                if event["method"] == method:
                    return event["params"]
            self._receive(deadline - time.monotonic(), method)

    # --- What a person does -------------------------------------------------------------------

    def window(self, width: int, height: int, ratio: float = 1, dark: bool = False, touch: bool = False) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=ratio, mobile=touch)  # fmt: skip
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                  {"name": "prefers-reduced-motion", "value": "reduce"}]  # fmt: skip
        self.call("Emulation.setEmulatedMedia", features=scheme)

    def open(self, page: Path, fragment: str = "") -> None:
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=page.resolve().as_uri() + fragment)
        self.wait_for("document.documentElement?.dataset.ready === 'true'")
        self.settle()

    def evaluate(self, expression: str) -> object:
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)  # fmt: skip
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(f"{expression}: {details.get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def wait_for(self, expression: str, timeout_s: float = 30) -> None:
        deadline = time.monotonic() + timeout_s
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true: {expression}; problems: {self.problems}")
            time.sleep(0.05)

    def settle(self) -> None:
        """Waits for two frames and the end of short transitions."""
        frames = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250)))"
        self.evaluate(f"new Promise(done => {frames})")

    def mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def move(self, x: float, y: float) -> None:
        self.mouse("mouseMoved", x, y)
        self.settle()

    def click(self, x: float, y: float) -> None:
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)
        self.settle()

    def click_on(self, selector: str) -> None:
        box = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'nearest'}); const b = e.getBoundingClientRect();"
            " return [b.left + b.width / 2, b.top + b.height / 2]; })()"
        )
        self.click(*box)  # type: ignore[misc]

    def wheel(self, x: float, y: float, delta: float) -> None:
        self.mouse("mouseWheel", x, y, deltaX=0, deltaY=delta)
        self.settle()

    def key(self, key: str, code: str | None = None, number: int = 0) -> None:
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                      windowsVirtualKeyCode=number)  # fmt: skip
        self.settle()

    def type(self, selector: str, text: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def screenshot(self, path: Path) -> bytes:
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        path.write_bytes(data)
        return data

    def pdf(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"]))
