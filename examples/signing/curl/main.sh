#!/usr/bin/env bash
# bash main.sh vault < request.json             vaults a card and prints the verified response
# bash main.sh vectors < signature-vectors.tsv  tests antom-signing.sh with the signature vectors
set -euo pipefail
# shellcheck source=antom-signing.sh
. "$(dirname "$0")/antom-signing.sh"
path=/ams/sandbox/api/v1/vaults/vaultPaymentMethod # production: /ams/api/v1/vaults/vaultPaymentMethod
umask 077
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

vault() {
  local body time signature
  body=$(cat) # in memory, so that the card is not written to a file
  time=$(date +%s%3N)
  printf '%s\n' "$ANTOM_PRIVATE_KEY" >private.pem
  printf '%s\n' "$ANTOM_PUBLIC_KEY" >public.pem
  signature=$(printf %s "$body" | sign private.pem POST "$path" "$ANTOM_CLIENT_ID" "$time")
  # curl follows no redirects by default.
  printf %s "$body" | curl --silent --show-error --max-time 30 "$ANTOM_BASE_URL$path" --data-binary @- \
    --header 'Content-Type: application/json; charset=UTF-8' --header "Client-Id: $ANTOM_CLIENT_ID" \
    --header "Request-Time: $time" --header "Signature: $signature" --output response.json --dump-header headers.txt
  if ! verify public.pem POST "$path" "$ANTOM_CLIENT_ID" "$(header response-time)" "$(header signature)" <response.json; then
    echo 'The response is not signed by Antom. Send the same request again, or call inquireVaulting.' >&2
    exit 1
  fi
  cat response.json
  echo
}

header() { tr -d '\r' <headers.txt | sed -n "s/^$1: *//Ip"; }

pem() { printf -- '-----BEGIN %s-----\n%s\n-----END %s-----\n' "$1" "$(fold -w 64 <<<"$2")" "$1"; }

run_vectors() {
  local passed=0 failed=0 line fields expected message result
  read -r line # skip the line with the column names
  while IFS= read -r line; do
    mapfile -t -d $'\t' fields < <(printf '%s' "$line")
    expected=${fields[1]} message=("${fields[@]:2:4}")
    openssl base64 -d -A <<<"${fields[6]}" >body
    pem 'PUBLIC KEY' "${fields[8]}" >public.pem
    pem 'PRIVATE KEY' "${fields[9]:-}" >private.pem
    result=invalid
    if verify public.pem "${message[@]}" "${fields[7]}" <body; then result=valid; fi
    if [[ -n ${fields[9]:-} && $(sign private.pem "${message[@]}" <body) != "${fields[7]}" ]]; then result='signed incorrectly'; fi
    if [[ $result == "$expected" ]]; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "failed: ${fields[0]}"
    fi
  done
  echo "$passed passed, $failed failed"
  ((failed == 0))
}

if [[ $1 == vault ]]; then vault; else run_vectors; fi
