import json
import threading
import time

import pytest

from answering_server import Answer, AnsweringServer
from hone_client import (
    Client,
    ConnectionFailedError,
    InvalidInputError,
    LeaseLostError,
    RefusedInputError,
    RetryPolicy,
    StudyNotFoundError,
    UnavailableError,
    UnexpectedAnswerError,
)
from hone_client.transport import Address, Transport

FAST = RetryPolicy(attempts=4, first_wait=0.01)


def transport(url, **options):
    return Transport(Address.parse(url), options.pop("token", None), 5.0, options.pop("retries", FAST))


def problem(status, code, **fields):
    body = {"type": f"urn:hone:problem:{code}", "title": "T", "status": status, "detail": "D", "code": code, **fields}
    return Answer(status, body, content_type="application/problem+json")


def test_a_connection_is_kept():
    with AnsweringServer(Answer()) as server:
        sender = transport(server.url)
        for _ in range(3):
            sender.get("/v1/tuners")
        assert {request.connection for request in server.requests} == {1}


def test_threads_have_connections_of_their_own():
    with AnsweringServer(Answer()) as server:
        sender = transport(server.url)
        barrier = threading.Barrier(3)

        def ask():
            barrier.wait()
            sender.get("/v1/tuners")

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({request.connection for request in server.requests}) == 3


def test_a_kept_connection_that_the_server_closed_costs_nothing():
    with AnsweringServer(Answer(close=True), Answer()) as server:
        sender = transport(server.url, retries=RetryPolicy(attempts=1))
        sender.get("/v1/tuners")
        time.sleep(0.05)
        sender.get("/v1/tuners")
        assert [request.connection for request in server.requests] == [1, 2]


def test_a_write_that_is_sent_again_has_the_same_key_and_another_write_a_new_one():
    with AnsweringServer(Answer(None), Answer(503), Answer(), Answer()) as server:
        sender = transport(server.url)
        sender.write("POST", "/v1/studies", {"name": "a"})
        sender.write("POST", "/v1/studies", {"name": "a"})
        keys = [request.headers["idempotency-key"] for request in server.requests]
        assert len(keys) == 4
        assert len(set(keys[:3])) == 1
        assert keys[3] != keys[0]
        assert {request.body for request in server.requests} == {b'{"name":"a"}'}


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept(status):
    with AnsweringServer(Answer(status, headers=(("Retry-After", "1"),)), Answer()) as server:
        began = time.monotonic()
        transport(server.url).get("/v1/tuners")
        assert time.monotonic() - began >= 1.0
        assert len(server.requests) == 2


def test_what_a_server_refuses_is_not_sent_again():
    with AnsweringServer(problem(422, "invalid")) as server:
        with pytest.raises(RefusedInputError):
            transport(server.url).write("POST", "/v1/studies", {})
        assert len(server.requests) == 1


def test_attempts_end():
    with AnsweringServer(problem(503, "storage_full")) as server:
        with pytest.raises(UnavailableError, match=r"D \[storage_full, HTTP 503"):
            transport(server.url).get("/v1/tuners")
        assert len(server.requests) == 4


def test_no_wait_goes_beyond_the_total():
    policy = RetryPolicy(attempts=10, total=5.0)
    assert policy.wait(1, 1.0, 60.0) is None
    assert policy.wait(10, 0.0, None) is None
    assert 0.1 <= policy.wait(1, 0.0, None) <= 0.2
    assert 0.8 <= policy.wait(4, 0.0, None) <= 1.6


def test_a_server_that_never_answered_is_given_up_sooner():
    policy = RetryPolicy()
    assert policy.wait(1, 10.0, is_known=False) is None
    assert policy.wait(1, 10.0, is_known=True) is not None


def test_what_must_be_sent_once_is_sent_on_a_new_connection():
    with AnsweringServer(Answer(close=True), Answer(None)) as server:
        sender = transport(server.url)
        sender.get("/v1/tuners")
        time.sleep(0.05)
        with pytest.raises(ConnectionFailedError, match="1 attempt "):
            sender.request("POST", "/v1/tokens", body={}, retries=RetryPolicy(attempts=1))
        assert len(server.requests) == 2


def test_nobody_there_says_where_and_what_to_do():
    with pytest.raises(ConnectionFailedError, match=r"127\.0\.0\.1:9 .*HONE_SERVER"):
        transport("http://127.0.0.1:9", retries=RetryPolicy(attempts=2, first_wait=0.01)).get("/v1/tuners")


def test_something_else_than_hone_is_recognised():
    page = Answer(200, "<html>", content_type="text/html")
    with AnsweringServer(page) as server, pytest.raises(UnexpectedAnswerError, match="hardly a Hone server"):
        transport(server.url).get("/v1/tuners").object()


def test_a_problem_carries_all_that_it_says():
    mistakes = [{"pointer": "/count", "detail": "Must be between 1 and 100, not 0.", "kind": "meaning"}]
    answers = [
        problem(422, "invalid", errors=mistakes, request_id="r1"),
        problem(409, "lease_lost", trial={"number": 3}),
        problem(404, "study_not_found"),
    ]
    with AnsweringServer(*answers) as server:
        sender = transport(server.url)
        with pytest.raises(RefusedInputError) as refused:
            sender.get("/v1/tuners")
        assert refused.value.mistakes[0].pointer == "/count"
        assert refused.value.request_id == "r1"
        assert isinstance(refused.value, ValueError)
        with pytest.raises(LeaseLostError) as lost:
            sender.get("/v1/tuners")
        assert lost.value.trial == {"number": 3}
        with pytest.raises(StudyNotFoundError):
            Client(server.url, retries=FAST).study("resnet")


def test_the_token_is_sent_and_shown_nowhere(monkeypatch):
    monkeypatch.setenv("HONE_TOKEN", "hone_1_secret")
    with AnsweringServer(problem(401, "unauthenticated")) as server:
        monkeypatch.setenv("HONE_SERVER", server.url)
        client = Client(retries=FAST)
        with pytest.raises(PermissionError) as refused:
            client.study("resnet")
        assert server.requests[0].headers["authorization"] == "Bearer hone_1_secret"
        assert "secret" not in repr(client) + str(refused.value)


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://host", "http://", "http://host?x=1", "http://user:pw@host"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InvalidInputError, match="url"):
        Client(url)


def test_a_prefix_of_a_proxy_is_kept():
    with AnsweringServer(Answer()) as server:
        transport(server.url + "/hone/").get("/v1/tuners", {"page_size": 3, "page_token": None})
        assert server.requests[0].target == "/hone/v1/tuners?page_size=3"


def test_a_body_beyond_the_contract_is_not_sent():
    with AnsweringServer(Answer()) as server:
        with pytest.raises(InvalidInputError, match="1,048,576"):
            transport(server.url).write("POST", "/v1/studies", {"a": "x" * (1 << 20)})
        assert server.requests == []


def test_events_go_on_where_the_connection_broke():
    def stream(*numbers):
        text = ": here\n\n"
        for n in numbers:
            data = json.dumps({"sequence": n, "at": "2026-01-31T12:00:00.000Z", "kind": "started", "details": {}})
            text += f"id: {n}\nevent: started\ndata: {data}\n\n"
        return Answer(200, text, content_type="text/event-stream", close=True)

    # Fields that this client does not know are passed over.
    study = {
        "name": "s",
        "colour": "red",
        "parameters": [{"name": "x", "type": "bool", "colour": "red"}],
        "objectives": [{"metric": "m", "goal": "minimize"}],
        "state": "active",
        "trial_counts": {},
        "created_at": "2026-01-31T12:00:00.000Z",
        "revision": 0,
    }
    answers = [
        Answer(200, study),
        stream(1, 2),
        Answer(None),
        problem(503, "unavailable"),
        stream(3),
        problem(404, "study_not_found"),
    ]
    with AnsweringServer(*answers) as server:
        seen = [event.sequence for event in Client(server.url).study("s").events(after=0)]
        assert seen == [1, 2, 3]
        assert [r.headers.get("last-event-id") for r in server.requests[1:]] == ["0", "2", "2", "2", "3"]
