"""JupyterLab on loopback and a headless Chromium in front of it, both started and ended here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

REPOSITORY = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START = 180
"""Seconds that the server may take to answer, and a page to stand."""


def why_not() -> str | None:
    """Why a browser cannot be driven here; None if it can."""
    if not any(map(shutil.which, BROWSERS)):
        return f"no browser found (looked for {', '.join(BROWSERS)}): apt-get install chromium chromium-driver"
    if not shutil.which("chromedriver"):
        return "no chromedriver found: apt-get install chromium-driver"
    return None


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """JupyterLab over a folder; gives the address with its token."""
    port, token = _free_port(), "only-for-this-test"
    home = folder.parent / "jupyter-home"
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    # Nothing is asked of the network, and no pop-up asks whether it may be.
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}", "--LabApp.extension_manager=readonly",
        f"--LabApp.user_settings_dir={home / 'settings'}", f"--LabApp.workspaces_dir={home / 'workspaces'}",
    ]  # fmt: skip
    path = os.pathsep.join(p for p in (str(REPOSITORY), os.environ.get("PYTHONPATH")) if p)
    places = {name: str(home / name.lower()) for name in ("JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR")}
    with (folder.parent / "jupyterlab.log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **places, "PYTHONPATH": path}, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server)
            yield f"http://127.0.0.1:{port}/lab/tree/{{notebook}}?token={token}"
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"JupyterLab did not answer at {address}; see jupyterlab.log.")


@contextmanager
def browsing(profile: Path, size: str = "1500,1400") -> Iterator[webdriver.Chrome]:
    """A headless Chromium with an empty profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = next(found for name in BROWSERS if (found := shutil.which(name)))
    for flag in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
        "disable-component-update", "disable-sync", "disable-dev-shm-usage", f"user-data-dir={profile}",
        f"window-size={size}",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def open_notebook(driver: webdriver.Chrome, address: str, name: str) -> None:
    """Open a notebook and wait until its kernel is idle; a command before that would ask for a kernel."""
    driver.get(address.format(notebook=name))
    wait_idle(driver)


def wait_idle(driver: webdriver.Chrome) -> None:
    """Wait until the kernel has nothing to do: JupyterLab moves the focus when a run ends."""
    wait_until(driver, lambda: "(ipykernel) | Idle" in driver.find_element(By.ID, "jp-bottom-panel").text)


def command(driver: webdriver.Chrome, name: str) -> None:
    """Run a JupyterLab command by the keyboard, through the command palette."""
    keys = webdriver.ActionChains(driver)
    keys.key_down(Keys.CONTROL).key_down(Keys.SHIFT).send_keys("c").key_up(Keys.SHIFT).key_up(Keys.CONTROL).perform()
    wait_until(driver, lambda: shows(driver, ".lm-CommandPalette-input"))
    webdriver.ActionChains(driver).send_keys(name).pause(0.5).send_keys(Keys.ENTER).perform()


def press(driver: webdriver.Chrome, *keys: str) -> None:
    """Press keys, one after the other, wherever the focus is."""
    webdriver.ActionChains(driver).send_keys(*keys).perform()


def shows(driver: webdriver.Chrome, selector: str) -> bool:
    return bool(driver.find_elements(By.CSS_SELECTOR, selector))


def wait_until(driver: webdriver.Chrome, holds: object, seconds: float = START) -> None:
    WebDriverWait(driver, seconds, poll_frequency=0.1).until(lambda _: holds())  # type: ignore[operator]


def script_errors(driver: webdriver.Chrome) -> list[str]:
    """What the console calls an error, since it was last asked."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
