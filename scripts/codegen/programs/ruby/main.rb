# frozen_string_literal: true

# Calls each operation with the generated client, and prints a line for each call.

$LOAD_PATH.unshift File.join(__dir__, "generated/lib")
require "uri"
require "openapi_client"
require_relative "antom_signing"

CLIENT_ID = ENV.fetch("ANTOM_CLIENT_ID")
PRIVATE_KEY = AntomSigning.load_key(ENV.fetch("ANTOM_PRIVATE_KEY"))
PUBLIC_KEY = AntomSigning.load_key(ENV.fetch("ANTOM_PUBLIC_KEY"))
URLS = {
  vaulting_notification_url: "https://merchant.example/antom/notifications",
  redirect_url: "https://merchant.example/cards/done"
}.freeze

# Signs requests, and parses only responses with a valid signature.
class SigningClient < OpenapiClient::ApiClient
  def build_request(*)
    request = super
    path = URI(request.base_url).path
    time = Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond).to_s
    request.options[:headers].merge!(
      "Content-Type" => "application/json; charset=UTF-8",
      "Client-Id" => CLIENT_ID,
      "Request-Time" => time,
      "Signature" => AntomSigning.sign(PRIVATE_KEY, "POST", path, CLIENT_ID, time, request.options[:body])
    )
    request
  end

  def deserialize(response, return_type)
    headers = response.headers
    message = ["POST", URI(response.effective_url).path, CLIENT_ID, headers["response-time"], response.body]
    unless AntomSigning.verify(PUBLIC_KEY, *message, headers["signature"])
      raise "The response is not signed by Antom. Send the same request again, or call inquireVaulting."
    end

    super
  end
end

base = URI(ENV.fetch("ANTOM_BASE_URL"))
configuration = OpenapiClient::Configuration.new
configuration.scheme = base.scheme
configuration.host = "#{base.host}:#{base.port}"
configuration.base_path = base.path
API = OpenapiClient::VaultApi.new(SigningClient.new(configuration))

def vault(name, card_no)
  card = OpenapiClient::Card.new(
    card_no: card_no, cvv: "123", expiry_year: "30", expiry_month: "12", is3_ds_authentication: false,
    cardholder_name: OpenapiClient::UserName.new(first_name: "Ana", last_name: "Souza"),
    billing_address: OpenapiClient::Address.new(
      region: OpenapiClient::CountryCode::BR, city: "São Paulo", address1: "Rua Augusta 1200", zip_code: "01304001"
    )
  )
  browser = OpenapiClient::BrowserInfo.new(
    accept_header: "text/html", java_enabled: false, java_script_enabled: true, language: "en-US", user_agent: "Mozilla/5.0"
  )
  response = API.vault_payment_method(
    OpenapiClient::VaultPaymentMethodRequest.new(
      vaulting_request_id: name,
      merchant_region: OpenapiClient::CountryCode::SG,
      payment_method_detail: OpenapiClient::PaymentMethodDetail.new(payment_method_type: "CARD", card: card),
      env: OpenapiClient::Env.new(
        terminal_type: OpenapiClient::TerminalType::WEB, client_ip: "203.0.113.7", time_zone_offset: -120, browser_info: browser
      ),
      **URLS
    )
  )
  vaulted = response.payment_method_detail&.card
  result = response.result
  puts "#{name} #{result.result_status} #{result.result_code} #{vaulted&.brand} #{vaulted&.card_token} #{result.result_message}"
end

vault("vaulted", "4054695723100768")
vault("declined", "4000009900070007")
inquiry = API.inquire_vaulting(OpenapiClient::InquireVaultingRequest.new(vaulting_request_id: "declined"))
puts "inquired #{inquiry.vaulting_status} #{inquiry.vaulting_result_code}"
session = API.create_vaulting_session(
  OpenapiClient::CreateVaultingSessionRequest.new(payment_method_type: "CARD", vaulting_request_id: "session", **URLS)
)
puts "session #{session.result.result_status} #{session.normal_url}"

body = ENV.fetch("NOTIFICATION_BODY") { exit }
message = ["POST", ENV.fetch("NOTIFICATION_PATH"), CLIENT_ID, ENV.fetch("NOTIFICATION_TIME"), body]
unless AntomSigning.verify(PUBLIC_KEY, *message, ENV.fetch("NOTIFICATION_SIGNATURE"))
  abort "The notification is not signed by Antom."
end
notification = OpenapiClient::VaultingNotification.build_from_hash(JSON.parse(body, symbolize_names: true))
puts "notification #{notification.result.result_status} #{notification.payment_method_detail.card.card_token}"
vault("unknown", "4054695723100768")
