"""Signs requests and verifies responses and notifications of the Antom Vault API. Requires the cryptography package."""

import base64
import re
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding


def load_private_key(key):
    """Loads a PKCS #8 key, as PEM or as bare base64."""
    return serialization.load_der_private_key(decode_key(key), None)


def load_public_key(key):
    return serialization.load_der_public_key(decode_key(key))


def sign(private_key, method, path, client_id, time, body):
    """Returns the Signature header of a request. Pass exactly the body that you send."""
    data = string_to_sign(method, path, client_id, time, body)
    signature = private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return "algorithm=RSA256,keyVersion=1,signature=" + quote(base64.b64encode(signature), safe="")


def verify(public_key, method, path, client_id, time, body, header):
    """
    Returns whether a message is from Antom. Pass the raw body and your own client ID.
    For a response, pass the path that you requested and the response-time header.
    For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
    """
    try:
        data = string_to_sign(method, path, client_id, time, body)
        public_key.verify(read_signature(header), data, padding.PKCS1v15(), hashes.SHA256())
        return True
    except (ValueError, InvalidSignature):
        return False


def string_to_sign(method, path, client_id, time, body):
    return f"{method} {path}\n{client_id}.{time}.".encode() + body


def read_signature(header):
    fields = {}
    for field in (header or "").split(","):
        name, _, value = field.strip().partition("=")
        if name.lower() in fields:
            raise ValueError("duplicate field")
        fields[name.lower()] = value
    if fields.get("algorithm", "").upper() != "RSA256":
        raise ValueError("unknown algorithm")
    return base64.b64decode(unquote(fields.get("signature", "")), validate=True)


def decode_key(key):
    return base64.b64decode(re.sub(r"-----[^-]+-----|\s", "", key), validate=True)
