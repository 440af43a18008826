"""Scoring needs no network: with every way to it closed, the report is the same."""

import subprocess
import sys

CLOSED = """
import socket, sys

class Closed(socket.socket):
    def __init__(self, *arguments, **settings):
        raise OSError("the network is closed")

def closed(*arguments, **settings):
    raise OSError("the network is closed")

socket.socket = Closed
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = closed

def watch(event, arguments):
    if event.startswith("socket."):
        raise OSError("the network is closed: " + event)

sys.addaudithook(watch)
"""

SCORE = (
    "import starcheck; sys.stdout.buffer.write(starcheck.score(sys.stdin.buffer.read().decode()).to_json().encode())"
)


def run(code, given=b""):
    return subprocess.run([sys.executable, "-c", code], input=given, capture_output=True)


def test_scoring_works_with_the_network_closed(story, reports):
    done = run(f"{CLOSED}\n{SCORE}", story.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == reports["story"].to_json()


def test_the_command_line_works_with_the_network_closed(story, reports):
    code = "sys.argv = ['starcheck', 'score', '-', '--format', 'markdown']\nfrom starcheck.cli import main; main()"
    done = run(f"{CLOSED}\n{code}", story.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode() == reports["story"].to_markdown()


def test_the_closed_network_is_closed():
    for way in ("socket.socket()", "socket.create_connection(('localhost', 9))", "__import__('_socket').socket()"):
        done = run(f"{CLOSED}\n{way}")
        assert done.returncode == 1
        assert b"the network is closed" in done.stderr
