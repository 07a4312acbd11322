/**
 * A certificate for 127.0.0.1 that no authority signed, valid to 2099, and its key. Throw-away: made for the tests, used nowhere else.
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem \
 *       -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -days 26600
 *
 * @module
 */

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBjzCCATagAwIBAgIUTOceZnp94PxO2RNTqReATm19cQEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMzA4NDgwNFoYDzIwOTkwOTIx
MDg0ODA0WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATCL9sND7Enztf0bIJ4AWxf2HUpLkEysrie1RmFpEEO+57U7qOEzHKB
KloCBS8OBZa4R965uaed4gd5twtVuDdco2QwYjAdBgNVHQ4EFgQU07mwRR2+gx/j
8E/RXUW4LsSCqJEwHwYDVR0jBBgwFoAU07mwRR2+gx/j8E/RXUW4LsSCqJEwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0cAMEQC
IGPdap8V19ptGXfmbf0WCnpUD554q76EXEpsHRRX7a7LAiBSPEG5Ha5QqzZcsu7i
3hqDl7z58A1j7urZ9BKNOR4W9Q==
-----END CERTIFICATE-----
`;

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg51FEn6g8nxtsbGfm
wJ6VwHKIni5a/C396IdzrlZXvgWhRANCAATCL9sND7Enztf0bIJ4AWxf2HUpLkEy
srie1RmFpEEO+57U7qOEzHKBKloCBS8OBZa4R965uaed4gd5twtVuDdc
-----END PRIVATE KEY-----
`;
