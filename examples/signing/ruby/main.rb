# frozen_string_literal: true

# ruby main.rb vault < request.json             vaults a card and prints the verified response
# ruby main.rb vectors < signature-vectors.tsv  tests antom_signing.rb with the signature vectors

require "net/http"
require_relative "antom_signing"

PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod" # production: /ams/api/v1/vaults/vaultPaymentMethod

def vault(body)
  client_id = ENV.fetch("ANTOM_CLIENT_ID")
  private_key = AntomSigning.load_key(ENV.fetch("ANTOM_PRIVATE_KEY"))
  public_key = AntomSigning.load_key(ENV.fetch("ANTOM_PUBLIC_KEY"))
  time = Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond).to_s
  headers = {
    "Content-Type" => "application/json; charset=UTF-8",
    "Client-Id" => client_id,
    "Request-Time" => time,
    "Signature" => AntomSigning.sign(private_key, "POST", PATH, client_id, time, body)
  }
  response = Net::HTTP.post(URI(ENV.fetch("ANTOM_BASE_URL") + PATH), body, headers) # follows no redirects
  message = ["POST", PATH, client_id, response["response-time"], response.body]
  unless AntomSigning.verify(public_key, *message, response["signature"])
    abort "The response is not signed by Antom. Send the same request again, or call inquireVaulting."
  end
  puts response.body
end

def run_vectors(table)
  passed = failed = 0
  table.lines(chomp: true).drop(1).each do |line|
    id, expected, method, path, client_id, time, body, header, public_key, private_key = line.split("\t", -1)
    message = [method, path, client_id, time, body.unpack1("m0")]
    result = AntomSigning.verify(AntomSigning.load_key(public_key), *message, header) ? "valid" : "invalid"
    signed = private_key.empty? || AntomSigning.sign(AntomSigning.load_key(private_key), *message) == header
    if result == expected && signed
      passed += 1
    else
      failed += 1
      puts "failed: #{id}"
    end
  end
  puts "#{passed} passed, #{failed} failed"
  exit failed.zero?
end

input = $stdin.binmode.read
ARGV[0] == "vault" ? vault(input) : run_vectors(input)
