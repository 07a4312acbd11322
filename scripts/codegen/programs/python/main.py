"""Calls each operation with the generated client, and prints a line for each call."""

import os
from types import SimpleNamespace

from antom_signing import verify
from antom_vault import (
    Address,
    ApiClient,
    BrowserInfo,
    Card,
    Configuration,
    CreateVaultingSessionRequest,
    Env,
    InquireVaultingRequest,
    PaymentMethodDetail,
    UserName,
    VaultApi,
    VaultPaymentMethodRequest,
)
from signing_pool import CLIENT_ID, PUBLIC_KEY, SigningPool

URLS = {
    "vaulting_notification_url": "https://merchant.example/antom/notifications",
    "redirect_url": "https://merchant.example/cards/done",
}


def create_request(request_id, card_no):
    return VaultPaymentMethodRequest(
        vaulting_request_id=request_id,
        merchant_region="SG",
        payment_method_detail=PaymentMethodDetail(
            payment_method_type="CARD",
            card=Card(
                card_no=card_no,
                cvv="123",
                expiry_year="30",
                expiry_month="12",
                is3_ds_authentication=False,
                cardholder_name=UserName(first_name="Ana", last_name="Souza"),
                billing_address=Address(region="BR", city="São Paulo", address1="Rua Augusta 1200", zip_code="01304001"),
            ),
        ),
        env=Env(
            terminal_type="WEB",
            client_ip="203.0.113.7",
            time_zone_offset=-120,
            browser_info=BrowserInfo(
                accept_header="text/html",
                java_enabled=False,
                java_script_enabled=True,
                language="en-US",
                user_agent="Mozilla/5.0",
            ),
        ),
        **URLS,
    )


def get_card(message):
    detail = message.payment_method_detail
    return detail.card if detail and detail.card else SimpleNamespace(brand=None, card_token=None)


client = ApiClient(Configuration(host=os.environ["ANTOM_BASE_URL"]))
client.rest_client.pool_manager = SigningPool(client.rest_client.pool_manager)
api = VaultApi(client)


def vault(name, card_no):
    response = api.vault_payment_method(create_request(name, card_no))
    card = get_card(response)
    result = response.result
    print(name, result.result_status, result.result_code, card.brand or "", card.card_token or "", result.result_message)


vault("vaulted", "4054695723100768")
vault("declined", "4000009900070007")
inquiry = api.inquire_vaulting(InquireVaultingRequest(vaulting_request_id="declined"))
print("inquired", inquiry.vaulting_status, inquiry.vaulting_result_code)
session = api.create_vaulting_session(
    CreateVaultingSessionRequest(payment_method_type="CARD", vaulting_request_id="session", **URLS)
)
print("session", session.result.result_status, session.normal_url)

if "NOTIFICATION_BODY" not in os.environ:
    raise SystemExit
body = os.environ["NOTIFICATION_BODY"].encode()
signed_parts = os.environ["NOTIFICATION_PATH"], CLIENT_ID, os.environ["NOTIFICATION_TIME"], body
if not verify(PUBLIC_KEY, "POST", *signed_parts, os.environ["NOTIFICATION_SIGNATURE"]):
    raise SystemExit("The notification is not signed by Antom.")
notification = client.deserialize(SimpleNamespace(data=body), "VaultingNotification")
print("notification", notification.result.result_status, get_card(notification).card_token)
vault("unknown", "4054695723100768")
