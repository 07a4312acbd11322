"""
python3 main.py vault < request.json             vaults a card and prints the verified response
python3 main.py vectors < signature-vectors.tsv  tests antom_signing.py with the signature vectors
"""

import base64
import http.client
import os
import sys
import time
from contextlib import closing
from urllib.parse import urlsplit

from antom_signing import load_private_key, load_public_key, sign, verify

PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod"  # production: /ams/api/v1/vaults/vaultPaymentMethod


def vault():
    client_id = os.environ["ANTOM_CLIENT_ID"]
    private_key = load_private_key(os.environ["ANTOM_PRIVATE_KEY"])
    public_key = load_public_key(os.environ["ANTOM_PUBLIC_KEY"])
    body = sys.stdin.buffer.read()
    request_time = str(time.time_ns() // 1_000_000)
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "Client-Id": client_id,
        "Request-Time": request_time,
        "Signature": sign(private_key, "POST", PATH, client_id, request_time, body),
    }
    url = urlsplit(os.environ["ANTOM_BASE_URL"])
    connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    with closing(connect(url.netloc, timeout=30)) as connection:
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        content = response.read()
    response_time, signature = response.getheader("response-time"), response.getheader("signature")
    if not verify(public_key, "POST", PATH, client_id, response_time, content, signature):
        sys.exit("The response is not signed by Antom. Send the same request again, or call inquireVaulting.")
    print(content.decode())


def run_vectors():
    passed, failed = 0, 0
    for line in sys.stdin.read().splitlines()[1:]:
        name, expected, method, path, client_id, time_, body, header, public, private = line.split("\t")
        message = method, path, client_id, time_, base64.b64decode(body)
        result = "valid" if verify(load_public_key(public), *message, header) else "invalid"
        if result == expected and (not private or sign(load_private_key(private), *message) == header):
            passed += 1
        else:
            failed += 1
            print("failed:", name)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


vault() if sys.argv[1] == "vault" else run_vectors()
