"""A pytest plugin: sends python-telegram-bot's live tests to the local Telegram, and writes down how each ended.

TELEGRAM_URL is the address of the local Telegram, without a slash at the end. RESULTS is the file that takes one line of
JSON for each test: its id, its outcome (passed, failed, skipped, xfailed) and the last line of what it said.

Nothing leaves this machine: a request to any other host fails as an unreachable network would, and no name has an
address. So a test ends the same with a network and without. Tests are not run again
when they fail. Against a server that is on this machine and never tired, a second try would only hide a fault.
"""

import json
import os
import socket

import httpx
import pytest
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

TELEGRAM = "https://api.telegram.org"
LOCAL = os.environ["TELEGRAM_URL"]
_to_telegram = HTTPXRequest.do_request
_to_anywhere = httpx.AsyncHTTPTransport.handle_async_request


async def _to_local(self, url, *args, **kwargs):
    return await _to_telegram(self, url.replace(TELEGRAM, LOCAL, 1), *args, **kwargs)


async def _to_loopback_only(self, request):
    if request.url.host not in ("127.0.0.1", "localhost"):
        raise httpx.ConnectError(f"{request.url.host} is not on this machine", request=request)
    return await _to_anywhere(self, request)


def _of_nobody(name):
    raise socket.gaierror(socket.EAI_NONAME, f"{name} is not on this machine")


HTTPXRequest.do_request = _to_local
httpx.AsyncHTTPTransport.handle_async_request = _to_loopback_only
socket.gethostbyname = _of_nobody


class Results:
    """The outcome of each test: that of its call, unless its setup or teardown went wrong."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")
        self.outcome = None

    def pytest_runtest_logreport(self, report):
        if report.when == "setup":
            self.outcome = None
        outcome = "xfailed" if report.skipped and hasattr(report, "wasxfail") else report.outcome
        if self.outcome is None or (outcome != "passed" and self.outcome[0] == "passed"):
            self.outcome = (outcome, last_words(report))
        if report.when == "teardown":
            line = {"id": report.nodeid, "outcome": self.outcome[0], "why": self.outcome[1]}
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()

    def pytest_unconfigure(self):
        self.file.close()


def last_words(report):
    """The error in one line; for a skipped test, its reason."""
    if report.passed:
        return ""
    if hasattr(report, "wasxfail"):
        return report.wasxfail
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return crash.message.strip().split("\n")[0]
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return str(report.longrepr).strip().split("\n")[-1]


def pytest_configure(config):
    config.addinivalue_line("markers", "flaky: run again by a plugin that is switched off here")
    config.pluginmanager.register(Results(os.environ["RESULTS"]), "results")
