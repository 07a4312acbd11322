# frozen_string_literal: true

require "openssl"
require "uri"

# Signs requests and verifies responses and notifications of the Antom Vault API.
module AntomSigning
  module_function

  # Loads a PKCS #8 private key or a public key, as PEM or as bare base64.
  def load_key(key)
    OpenSSL::PKey.read(key.gsub(/-----[^-]+-----|\s/, "").unpack1("m0"))
  end

  # Returns the Signature header of a request. Pass exactly the body that you send.
  def sign(key, method, path, client_id, time, body)
    signature = key.sign("SHA256", string_to_sign(method, path, client_id, time, body))
    "algorithm=RSA256,keyVersion=1,signature=#{URI.encode_www_form_component([signature].pack("m0"))}"
  end

  # Returns whether a message is from Antom. Pass the raw body and your own client ID.
  # For a response, pass the path that you requested and the response-time header.
  # For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
  def verify(key, method, path, client_id, time, body, header)
    key.verify("SHA256", read_signature(header), string_to_sign(method, path, client_id, time, body))
  rescue ArgumentError, OpenSSL::PKey::PKeyError
    false
  end

  def string_to_sign(method, path, client_id, time, body)
    "#{method} #{path}\n#{client_id}.#{time}.".b + body.b
  end

  def read_signature(header)
    pairs = header.to_s.split(",").map { |field| field.strip.split("=", 2) }
    fields = pairs.to_h { |name, value| [name.to_s.downcase, value.to_s] }
    raise ArgumentError, "duplicate field" if fields.size < pairs.size
    raise ArgumentError, "unknown algorithm" unless fields["algorithm"].to_s.casecmp?("RSA256")

    # decode_www_form_component would turn a + into a space. The format m0 is strict base64.
    URI.decode_www_form_component(fields["signature"].to_s.gsub("+", "%2B")).unpack1("m0")
  end
end
