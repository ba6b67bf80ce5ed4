"""``negsim workshop`` started, stopped, and started again; and each way in which starting can fail, said in words."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

import simulator.cli.workshop as command_file
from simulator.errors import SimulatorError
from simulator.workshop.store import Folder
from simulator.workshop.web import addresses

NEGSIM = [sys.executable, "-m", "simulator", "workshop"]


@contextmanager
def running(*arguments, data):
    """A server on a free port, and what it says first."""
    program = subprocess.Popen(
        [*NEGSIM, *arguments, "--port", "0", "--json", "--data", str(data)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(program.stdout.readline()), program
    finally:
        if program.poll() is None:
            program.kill()
        program.wait()
        program.stdout.close()


def test_a_rehearsal_says_how_many_take_part(tmp_path):
    program = subprocess.Popen(
        [*NEGSIM, "saas-renewal", "--rehearse", "--people", "8", "--port", "0", "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    said = program.stdout.readline()
    program.kill()
    program.wait()
    program.stdout.close()
    assert "8 people, 4 pairs" in said


def failed(*arguments):
    done = subprocess.run([*NEGSIM, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def connected(said):
    host, _, port = said["addresses"][0].partition("://")[2].partition(":")
    return http.client.HTTPConnection(host, int(port), timeout=10)


def fetched(said, path, **headers):
    connection = connected(said)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def seated(said):
    """Join; gives the cookie."""
    _, text = fetched(said, f"/w/{said['code']}")
    nonce = text.split('name="nonce" value="')[1].split('"')[0]
    connection = connected(said)
    headers = {"Origin": said["addresses"][0], "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"/w/{said['code']}/join", f"nonce={nonce}&name=Ann&role=player", headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303
    cookie = answer.getheader("set-cookie").partition(";")[0]
    connection.close()
    return cookie


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_it_starts_says_where_stops_in_time_and_resumes_after_a_kill(tmp_path):
    with running("saas-renewal", data=tmp_path) as (said, program):
        assert list(said)[:4] == ["command", "version", "scenario", "seed"]
        assert all(one.startswith("http://127.0.0.1:") or "localhost" in one for one in said["addresses"])
        cookie = seated(said)
        stream = connected(said)
        stream.request("GET", f"/w/{said['code']}/stream", headers={"Cookie": cookie})
        answer = stream.getresponse()
        assert answer.getheader("content-type").startswith("text/event-stream")
        assert answer.readline().startswith(b"retry: ")
        os.kill(program.pid, signal.SIGKILL)
        program.wait(5)
        stream.close()
    with running("--resume", data=tmp_path) as (again, program):
        assert again["code"] == said["code"]
        assert "You are in, Ann" in fetched(again, f"/w/{again['code']}", Cookie=cookie)[1]
        stream = connected(again)
        stream.request("GET", f"/w/{again['code']}/stream", headers={"Cookie": cookie})
        stream.getresponse().readline()
        begun = time.monotonic()
        program.send_signal(signal.SIGTERM)
        program.wait(5)
        assert time.monotonic() - begun < 2.5
        stream.close()


def test_a_taken_port_is_said_and_what_to_do_about_it(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = failed("saas-renewal", "--port", str(port), "--data", str(tmp_path))
        assert f"port {port} is taken by another program" in said
        assert "--port" in said
        assert Folder(tmp_path).codes() == []  # nothing was begun
        with addresses.bound("127.0.0.1", port, search=True) as found:
            assert found.getsockname()[1] > port


def test_the_way_to_go_on_leads_phones_back_to_the_address_that_they_know(tmp_path):
    given = ["--port", "0", "--data", str(tmp_path / "of mine"), "--address", "http://negsim.example"]
    program = subprocess.Popen([*NEGSIM, "freight", *given], stdout=subprocess.PIPE, text=True)
    head = ""
    while "Kept in" not in head:
        head += program.stdout.readline()
    program.send_signal(signal.SIGINT)
    said = program.communicate(timeout=20)[0].split("Go on with: negsim workshop ")[1]
    port = head.split("127.0.0.1:")[1].split("/")[0]
    code = head.split("code ")[1][:5]
    assert said.strip() == (
        f"--resume {code} --data '{tmp_path}/of mine' --port {port} --address http://negsim.example"
    )


def test_what_is_ready_is_sent_at_once():
    """Asyncio sets TCP_NODELAY only where the protocol is named; without it each page's end waits for 40 ms."""
    with addresses.bound("127.0.0.1", 0, search=False) as found:
        assert found.proto == socket.IPPROTO_TCP


def test_an_address_that_is_not_ours_is_said():
    with pytest.raises(SimulatorError, match=r"203\.0\.113\.1 is not an address of this machine"):
        addresses.bound("203.0.113.1", 0, search=False)


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    usage = addresses.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(addresses.shutil, "disk_usage", lambda folder: usage._replace(free=3_000_000))
    with pytest.raises(SimulatorError, match="only 2 MB left"):
        addresses.room_on_disk(tmp_path)


def test_addresses_of_the_network_are_numbers_of_this_machine():
    for one in addresses.lan_addresses():
        assert not one.startswith("127.")
        socket.inet_aton(one)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["saas-renewal", "--resume", "ABCDE"], "leave out the scenario"),
        (["--rehearse"], "name the scenario"),
        (["saas-renewl"], "did you mean 'saas-renewal'?"),
        (["saas-renewal", "--set", "workshop.mode=shout"], "workshop.mode"),
        (["saas-renewal", "--port", "99999"], "0<=x<=65535"),
        (["saas-renewal", "--port", "0", "--address", "ftp://x"], "is no address"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, arguments, said):
    assert said in failed(*arguments, "--data", str(tmp_path))


def test_resuming_what_is_not_there_is_said(tmp_path):
    assert "there is no workshop" in failed("--resume", "--data", str(tmp_path))
    Folder(tmp_path).new()[1].close()
    assert "there is no workshop 'ABCDE'" in failed("--resume", "abcde", "--data", str(tmp_path))


def test_without_the_extra_the_command_says_what_to_install(tmp_path, monkeypatch):
    import click
    from click.testing import CliRunner

    monkeypatch.setitem(sys.modules, "segno", None)
    done = CliRunner().invoke(command_file.command, ["saas-renewal", "--data", str(tmp_path)], standalone_mode=False)
    assert isinstance(done.exception, click.ClickException)
    assert 'pip install "negotiation-simulator[workshop]"' in done.exception.format_message()


def test_help_needs_nothing_of_the_extra():
    heavy = ("starlette", "uvicorn", "jinja2", "numpy")
    loaded = f"import sys, simulator.cli.workshop; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
