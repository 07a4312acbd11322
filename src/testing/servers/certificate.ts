/**
 * A self-signed certificate for merchant.example and 127.0.0.1, valid until 2099, and its key. They are used only in tests.
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem \
 *       -subj /CN=merchant.example -addext subjectAltName=DNS:merchant.example,IP:127.0.0.1 -days 26600
 *
 * @module
 */

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBsDCCAVagAwIBAgIUXtRyAqsZoxZO0gsOq7zKIUkcWggwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQbWVyY2hhbnQuZXhhbXBsZTAgFw0yNjExMjUwMjEzMzBaGA8y
MDk5MDkyMzAyMTMzMFowGzEZMBcGA1UEAwwQbWVyY2hhbnQuZXhhbXBsZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABH0kRQR8XHnRavpKTdWKYyAVPFzsX7rWaK8m
gXxpbu/OE0dPy88W92Wr7mgbdlUD05dNO+fWH6b4YlNXH+jJDHajdjB0MB0GA1Ud
DgQWBBRWpjxgKHulV/tuOPTA3tHD55bCIzAfBgNVHSMEGDAWgBRWpjxgKHulV/tu
OPTA3tHD55bCIzAPBgNVHRMBAf8EBTADAQH/MCEGA1UdEQQaMBiCEG1lcmNoYW50
LmV4YW1wbGWHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIgIB6CVKFSR+opy4xRQWWV
P5xqjLt1X/wrns8sQRtGInICIQCOTNZG1dNZGsyZhnh3Gk0x0BvLQ5YXI8+OLx9B
XeVbQA==
-----END CERTIFICATE-----
`;

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgV8jGwJdddp9TpeUx
gNwdKRbniM/SQ7aBj9ir9v2hUQihRANCAAR9JEUEfFx50Wr6Sk3VimMgFTxc7F+6
1mivJoF8aW7vzhNHT8vPFvdlq+5oG3ZVA9OXTTvn1h+m+GJTVx/oyQx2
-----END PRIVATE KEY-----
`;
