"""Signs the requests and verifies the responses of the generated client. Reads the client ID and the keys from environment variables."""

import os
import time
from urllib.parse import urlsplit

from antom_signing import load_private_key, load_public_key, sign, verify

CLIENT_ID = os.environ["ANTOM_CLIENT_ID"]
PRIVATE_KEY = load_private_key(os.environ["ANTOM_PRIVATE_KEY"])
PUBLIC_KEY = load_public_key(os.environ["ANTOM_PUBLIC_KEY"])


class SigningPool:
    """Signs requests, and returns only responses with a valid signature."""

    def __init__(self, pool):
        self.pool = pool

    def request(self, method, url, body, headers, **options):
        path, body, request_time = urlsplit(url).path, body.encode(), str(time.time_ns() // 1_000_000)
        signed = {
            **headers,
            "Content-Type": "application/json; charset=UTF-8",
            "Client-Id": CLIENT_ID,
            "Request-Time": request_time,
            "Signature": sign(PRIVATE_KEY, method, path, CLIENT_ID, request_time, body),
        }
        response = self.pool.request(method, url, body=body, headers=signed, redirect=False, retries=False, **options)
        response_time, signature = response.headers.get("response-time"), response.headers.get("signature")
        if not verify(PUBLIC_KEY, method, path, CLIENT_ID, response_time or "", response.data, signature):
            raise ValueError("The response is not signed by Antom. Send the same request again, or call inquireVaulting.")
        return response
