#!/usr/bin/env python3
"""Writes the inputs that the fuzzers start from: the bodies of the contract's examples, and requests in the forms of HTTP.

    Fuzzing/make_corpus.py            needs PyYAML; the files are committed, so that only a changed contract needs this
"""

import json
import pathlib
import shutil

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
# By the first byte that says which form is meant; see Sources/FuzzForms/main.swift.
FORMS = {"ask": 0, "tell": 1, "tellMany": 2, "report": 3, "enqueue": 4, "correctTrial": 5, "heartbeat": 6, "requeue": 7,
         "predict": 8, "updateStudy": 9, "createToken": 10, "createStudy": 11}
HTTP = {
    "query": "GET /v1/studies/a%2Fb?page_size=10&q=a+b HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n",
    "body": "POST /v1/studies HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"
            '{"name":"ab"}',
    "chunks": "POST /t HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    "absolute": "GET http://example.com:80/x?y HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n",
    "continue": "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    "pipeline": "OPTIONS * HTTP/1.0\r\n\r\nHEAD /a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
}


def examples(contract):
    """The examples of request bodies, by operation, and all examples of answers."""
    for path in contract["paths"].values():
        for operation in path.values():
            if not isinstance(operation, dict) or "operationId" not in operation:
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for name, example in body.get("examples", {}).items():
                yield operation["operationId"], name, example["value"]


def main():
    contract = yaml.safe_load((FOLDER.parent / "openapi.yaml").read_text())
    corpus = FOLDER / "Corpus"
    shutil.rmtree(corpus, ignore_errors=True)
    for folder in ("http", "json", "forms"):
        (corpus / folder).mkdir(parents=True)
    for name, text in HTTP.items():
        (corpus / "http" / name).write_bytes(b"\x04" + text.encode())
    for operation, name, value in examples(contract):
        text = json.dumps(value, default=str).encode()
        (corpus / "forms" / f"{operation}-{name}").write_bytes(bytes([FORMS[operation]]) + text)
        (corpus / "json" / f"{operation}-{name}").write_bytes(text)
    for name, text in {"escapes": '"\\u00e9\\ud83d\\ude00\\n\\"\\\\/"', "numbers": "[-0.0,1e-300,1.7976931348623157e308,12e2]",
                       "nested": '{"a":{"b":[[],{},null,true,false]}}'}.items():
        (corpus / "json" / name).write_text(text)


if __name__ == "__main__":
    main()
