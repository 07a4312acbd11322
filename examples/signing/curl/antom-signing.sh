# shellcheck shell=bash
# Signs requests and verifies responses and notifications of the Antom Vault API, with Bash, OpenSSL, and curl.
# Source this file. The functions read the body from standard input, and each key from a PEM file.

# string_to_sign METHOD PATH CLIENT_ID TIME
string_to_sign() {
  printf '%s %s\n%s.%s.' "$1" "$2" "$3" "$4"
  cat
}

# sign PRIVATE_KEY_FILE METHOD PATH CLIENT_ID TIME: prints the Signature header of a request.
sign() {
  local base64
  base64=$(string_to_sign "${@:2}" | openssl dgst -sha256 -sign "$1" | openssl base64 -A) || return
  base64=${base64//+/%2B}
  base64=${base64//\//%2F}
  printf 'algorithm=RSA256,keyVersion=1,signature=%s' "${base64//=/%3D}"
}

# verify PUBLIC_KEY_FILE METHOD PATH CLIENT_ID TIME HEADER: succeeds if a message is from Antom.
# Pass the raw body and your own client ID.
# For a response, pass the path that you requested and the response-time header.
# For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
verify() {
  local signature
  signature=$(read_signature "$6") || return
  string_to_sign "${@:2:4}" |
    openssl dgst -sha256 -verify "$1" -signature <(openssl base64 -d -A <<<"$signature") >/dev/null 2>&1
}

# read_signature HEADER: prints the signature in base64.
read_signature() {
  local parts part name value algorithm='' signature='' names=' '
  IFS=, read -ra parts <<<"$1"
  for part in "${parts[@]}"; do
    part=${part#"${part%%[! ]*}"}
    name=${part%%=*} value=${part#*=}
    name=${name,,}
    [[ $names != *" $name "* ]] || return 1
    names+="$name "
    case $name in algorithm) algorithm=${value^^} ;; signature) signature=$value ;; esac
  done
  signature=${signature//%2[Bb]/+}
  signature=${signature//%2[Ff]//}
  signature=${signature//%3[Dd]/=}
  [[ $algorithm == RSA256 && $signature =~ ^[A-Za-z0-9+/]+=*$ ]] && printf %s "$signature"
}
