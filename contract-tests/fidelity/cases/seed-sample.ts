/** Antom's sample request, verbatim from the vaultPaymentMethod page (2024-03-14). */
export const SAMPLE_REQUEST = `{
"vaultingRequestId": "123456789206",
"vaultingNotificationUrl": "www.test.com",
"redirectUrl": "www.test.com",
"paymentMethodDetail": {
"paymentMethodType": "CARD",
"card": {
"cardNo": "4112273146798764",
"brand": "VISA",
"cardholderName": {
"firstName": "xu",
"middleName": "fang",
"lastName": "jie",
"fullName": "xufangjie"
},
"billingAddress": {
"region": "CN",
"address1": "gongzhuan Road",
"city": "hangzhou",
"state": "zhejiang",
"zipCode": "310000"
},
"cvv": "123",
"expiryYear": "26",
"expiryMonth": "08",
"businessRegistrationNo": "96"
}
},
"env": {
"terminalType": "app"
}
}`;

/** Antom's sample response from the same page, without the line breaks that the page inserts into the cardToken. */
export const SAMPLE_RESPONSE = `{
"paymentMethodDetail": {
"card": {
"brand": "VISA",
"cardToken": "ALIPAY9CGwsAeMBug+G2dSKDV6AIsNKTxAFNkOMoj8Gxvt8h0eDUbd6nO5CwMFIjEFERWxCAo/b1OjVTvtl1zspyMGcg==",
"maskedCardNo": "************8764"
},
"paymentMethodType": "CARD"
},
"vaultingRequestId": "123487889889",
"result": {
"resultCode": "SUCCESS",
"resultMessage": "success.",
"resultStatus": "S"
}
}`;
