// Made by `npm run generate` from spec/. Do not edit.
export interface paths {
    "/v1/vaults/vaultPaymentMethod": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vault a card
         * @description Sends card data and returns a cardToken, or URLs at which the buyer completes 3-D Secure. Request and response are signed. A retry with the same vaultingRequestId is safe and returns the first result again.
         */
        post: operations["vaultPaymentMethod"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vaults/createVaultingSession": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a vaulting session
         * @description Returns encrypted session data for Antom's client component and a hosted page on which the buyer enters the card, so that no card data passes through the merchant. The result of the vaulting is available from notifyVaulting and inquireVaulting.
         */
        post: operations["createVaultingSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vaults/inquireVaulting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get the state of a vaulting
         * @description Returns the state of a vaulting by its vaultingRequestId. While the vaulting is in progress, the response contains the URLs for the buyer again. The result of the response shows only whether the inquiry succeeded.
         */
        post: operations["inquireVaulting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    notifyVaulting: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Notify the merchant of the final result
         * @description The gateway sends the final result, success or failure, to the vaultingNotificationUrl, signed with Antom's key over the path of that URL. Verify the signature over the raw bytes before parsing, store the result, and return the acknowledgement. Until then, the gateway sends the notification up to eight times: at 0 s, then after 2 min, 10 min, 10 min, 1 h, 2 h, 6 h, and 15 h, each measured from the previous attempt. Handle it idempotently.
         */
        post: operations["notifyVaulting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /**
         * @description The merchant's ID of this vaulting and the idempotency key: a retry with the same ID returns the first final result again. 1 to 64 characters (Unicode code points) of any script, including spaces and punctuation but no control characters. IDs are compared exactly. vaultPaymentMethod and createVaultingSession share one namespace of IDs.
         * @example 123456789206
         */
        VaultingRequestId: string;
        /**
         * @description A URL of the merchant, at most 2048 characters: http or https, or without a scheme as in Antom's sample. User names, backslashes, spaces, control characters, and all other schemes are rejected.
         * @example https://merchant.example/vaulting/result
         */
        MerchantUrl: string;
        /**
         * @description A country or region, ISO 3166-1 alpha-2, uppercase. Reserved codes such as UK are rejected.
         * @example BR
         * @enum {string}
         */
        CountryCode: "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
        /**
         * @description The merchant's account, at most 64 characters, no control characters. Required if one client ID is used in several locations. The pay API accepts at most 32 characters, so a longer ID cannot be used to pay.
         * @example 218812000000000001
         */
        MerchantAccountId: string;
        /**
         * @description Any text that the merchant attaches to this vaulting, at most 2048 characters. notifyVaulting and inquireVaulting return it.
         * @example {"customer":"c-17"}
         */
        Metadata: string;
        /**
         * @description The card's brand, one of the 37 names in Antom's SDKs. The gateway may add brands, so a reader of a response must accept other names.
         * @example VISA
         * @enum {string}
         */
        CardBrand: "AMEX" | "BC" | "CARNET" | "CARTES_BANCAIRES" | "CITI" | "CUP" | "DINERS" | "DISCOVER" | "ELO" | "GWANGJUBANK" | "HIPERCARD" | "HYUNDAI" | "IBK_BC" | "JCB" | "JEJUBANK" | "JEONBUKBANK" | "KAKAOBANK" | "KBANK" | "KDBBANK" | "KEBHANA" | "KOOKMIN" | "LOTTE" | "MAESTRO" | "MASTERCARD" | "MIR" | "NONGHYUP" | "POST" | "SAEMAUL" | "SAMSUNG" | "SAVINGBANK" | "SHINHAN" | "SHINHYEOP" | "SUHYEOP" | "TOSSBANK" | "TROY" | "VISA" | "WOORI";
        /** @description The name of the cardholder, as printed on the card. If you send it, firstName and lastName are required. */
        UserName: {
            /**
             * @description First name, at most 32 characters.
             * @example Ana
             */
            firstName: string;
            /**
             * @description Middle name, at most 32 characters.
             * @example Maria
             */
            middleName?: string;
            /**
             * @description Last name, at most 32 characters.
             * @example Souza
             */
            lastName: string;
            /**
             * @description The full name, at most 128 characters.
             * @example Ana Maria Souza
             */
            fullName?: string;
        };
        /** @description The billing address of the card. If you send it, region is required. */
        Address: {
            /** @description Country or region of the address, ISO 3166-1 alpha-2, uppercase. */
            region: components["schemas"]["CountryCode"];
            /**
             * @description State, county, or province, at most 8 characters. For a US merchant entity and a card issued in CA, US, or GB, use the ISO 3166-2 subdivision code of two or three characters.
             * @example CA
             */
            state?: string;
            /**
             * @description City, district, suburb, town, or village, at most 32 characters.
             * @example São Paulo
             */
            city?: string;
            /**
             * @description First line of the address (street, number, post office box), at most 256 characters.
             * @example Rua Augusta 1200
             */
            address1?: string;
            /**
             * @description Second line of the address (flat, suite, building), at most 256 characters.
             * @example Apto 12
             */
            address2?: string;
            /**
             * @description Postal code, at most 32 characters. For a US merchant entity, at most 10 characters: only digits, letters, hyphens, and spaces.
             * @example 01304001
             */
            zipCode?: string;
        };
        /**
         * @description A Boolean. Antom's pages require a quoted value, and Antom's five SDKs send a native one. Both forms are accepted; send the native form.
         * @example true
         */
        BooleanOrText: boolean | ("true" | "false");
        /** @description The card to vault. To send it from server to server, you need a PCI DSS assessment: an Attestation of Compliance (AOC) for more than 6 million card transactions a year, otherwise a Self-Assessment Questionnaire (SAQ). With createVaultingSession, no card data passes through the merchant. Which of the optional fields the gateway requires depends on the country of the issuing bank, which the schema does not know. */
        Card: {
            /**
             * @description The card number: 12 to 19 digits (ISO/IEC 7812) without spaces or hyphens. The last digit is a Luhn check digit. Antom's limit is 32 characters, which is longer than any card number.
             * @example 4054695723100768
             */
            cardNo: string;
            /**
             * @description The last two digits of the expiry year, for example 26 for 2026. Four digits are rejected.
             * @example 30
             */
            expiryYear: string;
            /**
             * @description The expiry month in two digits, 01 to 12.
             * @example 08
             */
            expiryMonth: string;
            /**
             * @deprecated
             * @description The brand of the card, if the merchant knows it. The gateway derives the brand from the number. Deprecated in Antom's OpenAPI file, but still accepted: Antom's sample request sends it. Send selectedCardBrand instead.
             */
            brand?: components["schemas"]["CardBrand"];
            /** @description The brand that the buyer chose for a co-badged card. Without it, Antom chooses the brand. In the European Economic Area, you must let the buyer choose, and send the choice. It takes precedence over brand. */
            selectedCardBrand?: components["schemas"]["CardBrand"];
            /**
             * @description The card verification value: 3 digits, or 4 for American Express. Required for a global card and for a card issued in Brazil, Chile, Mexico, or Peru. Never store it after the call.
             * @example 123
             */
            cvv?: string;
            /** @description The cardholder's name. No page or OpenAPI file states a condition for vaulting; fetchNonce, a related API, requires the name for cards issued in Brazil, Chile, Mexico, or Peru. */
            cardholderName?: components["schemas"]["UserName"];
            /** @description The billing address of the card. */
            billingAddress?: components["schemas"]["Address"];
            /**
             * Format: date
             * @description Date of birth of the cardholder as YYYY-MM-DD. Required for a personal card of a Korean issuing bank.
             * @example 1990-05-14
             */
            dateOfBirth?: string;
            /**
             * @description Business registration number, 10 digits. Required for a corporate card of a Korean issuing bank.
             * @example 1208147521
             */
            businessNo?: string;
            /**
             * @deprecated
             * @description The name of businessNo in Antom's sample request; all other sources use businessNo. Accepted only so that the sample is a valid request. At most 10 characters. Send businessNo instead.
             * @example 96
             */
            businessRegistrationNo?: string;
            /**
             * @description The first two digits of the card password. Required for a card of a Korean issuing bank.
             * @example 12
             */
            cardPasswordDigest?: string;
            /**
             * @description Brazilian tax ID of the cardholder, 11 digits. Required for a card issued in Brazil.
             * @example 12345678909
             */
            cpf?: string;
            /**
             * @description Email address of the payer, at most 64 characters. Required for cards issued in Brazil, Chile, Mexico, or Peru.
             * @example ana@buyer.example
             */
            payerEmail?: string;
            /**
             * @description The card scheme's ID of an earlier transaction of this card, at most 256 characters. Antom's OpenAPI file has the field without a condition; send it if you already store the card.
             * @example 123456789012345
             */
            networkTransactionId?: string;
            /** @description Whether the merchant requests 3-D Secure. If true, the gateway returns VERIFICATION_IN_PROCESS with a URL for the buyer, unless the card is exempt. Default: false. */
            is3DSAuthentication?: components["schemas"]["BooleanOrText"];
        };
        /** @description The payment method to vault. */
        PaymentMethodDetail: {
            /**
             * @description The type of the payment method, always `CARD`. (Antom's guide calls this field paymentMethod in one place.)
             * @example CARD
             * @constant
             */
            paymentMethodType: "CARD";
            /** @description The card to vault. Antom's OpenAPI file requires it only for paymentMethodType CARD and a merchant that is PCI DSS compliant. CARD is the only value here, so the card is always required. */
            card: components["schemas"]["Card"];
        };
        /**
         * @description The buyer's terminal: `WEB`, a site in a desktop browser; `WAP`, a page in a mobile browser; `APP`, a mobile app; `MINI_APP`, a mini program. Send uppercase. Lowercase `app` is accepted only because Antom's sample contains it.
         * @example WEB
         * @enum {string}
         */
        TerminalType: "WEB" | "WAP" | "APP" | "MINI_APP" | "app";
        /**
         * @description The operating system of the buyer's device. Antom's OpenAPI file requires it unless terminalType is `WEB`. The schema does not, because Antom's sample request omits it for an app.
         * @example IOS
         * @enum {string}
         */
        OsType: "IOS" | "ANDROID";
        /** @description Information about the buyer's browser, for risk control and 3-D Secure. */
        BrowserInfo: {
            /**
             * @description The Accept header that the browser sent.
             * @example text/html,application/xhtml+xml
             */
            acceptHeader?: string;
            /** @description Whether the browser can run Java. */
            javaEnabled?: components["schemas"]["BooleanOrText"];
            /** @description Whether the browser can run JavaScript. */
            javaScriptEnabled?: components["schemas"]["BooleanOrText"];
            /**
             * @description The browser's language, as in navigator.language.
             * @example en-US
             */
            language?: string;
            /**
             * @description The User-Agent header that the browser sent.
             * @example Mozilla/5.0
             */
            userAgent?: string;
        };
        /** @description The buyer's environment and device, for risk control and to select the returned URLs. */
        Env: {
            terminalType: components["schemas"]["TerminalType"];
            osType?: components["schemas"]["OsType"];
            /**
             * @description The User-Agent header of the buyer's browser or app.
             * @example Mozilla/5.0
             */
            userAgent?: string;
            /**
             * @description The device token from Antom's device-fingerprint client, at most 64 characters.
             * @example 7e1f6a
             */
            deviceTokenId?: string;
            /**
             * @description The buyer's IP address, version 4 or 6. Send it for risk control, and whenever the payment method is a card.
             * @example 203.0.113.7
             */
            clientIp?: string;
            /**
             * @description The ID of the merchant's cookie in the buyer's browser.
             * @example c-51f0
             */
            cookieId?: string;
            /**
             * @description Additional information agreed with Antom, at most 2048 characters.
             * @example {"channel":"app"}
             */
            extendInfo?: string;
            /**
             * @description Color depth of the buyer's screen in bits, as in screen.colorDepth; 0 if it is unknown.
             * @example 24
             * @enum {string}
             */
            colorDepth?: "0" | "1" | "4" | "8" | "15" | "16" | "24" | "30" | "32" | "48";
            /**
             * @description Height of the buyer's screen in pixels, from 1, for risk control.
             * @example 1080
             */
            screenHeight?: string;
            /**
             * @description Width of the buyer's screen in pixels, from 1, for risk control.
             * @example 1920
             */
            screenWidth?: string;
            /**
             * @description Minutes from the buyer's local time to UTC, -720 to 720, as getTimezoneOffset() returns them (UTC+2 is -120).
             * @example -120
             */
            timeZoneOffset?: number | string;
            /**
             * @description Manufacturer of the buyer's device, for risk control, at most 64 characters.
             * @example Samsung
             */
            deviceBrand?: string;
            /**
             * @description Model of the buyer's device, for risk control, at most 128 characters.
             * @example SM-S921
             */
            deviceModel?: string;
            /**
             * @description Language of the buyer's device, for risk control.
             * @example pt_BR
             */
            deviceLanguage?: string;
            /**
             * @description ID of the buyer's device, for risk control.
             * @example d-90a1
             */
            deviceId?: string;
            /**
             * @description Version of the operating system of the buyer's device.
             * @example 17.5
             */
            osVersion?: string;
            browserInfo?: components["schemas"]["BrowserInfo"];
        };
        /** @description Requests the vaulting of a card. Unknown fields are accepted and ignored. */
        VaultPaymentMethodRequest: {
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /** @description The URL to which the gateway sends notifyVaulting when the result is final. It takes precedence over the URL in the dashboard. At most 2048 characters. */
            vaultingNotificationUrl: components["schemas"]["MerchantUrl"];
            /** @description The merchant's page to which the buyer returns. The gateway adds nothing to it, so the page must show the result that the merchant's server received. At most 2048 characters. */
            redirectUrl: components["schemas"]["MerchantUrl"];
            /** @description Country or region of the merchant's business, ISO 3166-1 alpha-2. Required only with the Global Acquirer Gateway product. */
            merchantRegion?: components["schemas"]["CountryCode"];
            merchantAccountId?: components["schemas"]["MerchantAccountId"];
            metadata?: components["schemas"]["Metadata"];
            paymentMethodDetail: components["schemas"]["PaymentMethodDetail"];
            env: components["schemas"]["Env"];
        };
        /**
         * @description A human-readable message of at most 256 characters. Its text is not part of the API contract.
         * @example success.
         */
        ResultMessage: string;
        /** @description The call succeeded. */
        SuccessResult: {
            /**
             * @description Always `SUCCESS`.
             * @constant
             */
            resultCode: "SUCCESS";
            /**
             * @description `S`, success.
             * @constant
             */
            resultStatus: "S";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /**
         * @description The token of the vaulted card. Readers accept up to 2048 characters, but paymentMethod.paymentMethodId of the pay API, which takes the token with paymentMethodType CARD, accepts at most 128. Each vaulting can have a different token: do not assume that the same card always has the same token.
         * @example ALIPAY9CGwsAeMBug+G2dSKDV6AIsNKTxAFNkOMoj8Gxvt8h0eDUbd6nO5CwMFIjEFERWxCAo/b1OjVTvtl1zspyMGcg==
         */
        CardToken: string;
        /** @description The vaulted card. It never contains the complete card number or the CVV. In an inquiry, Antom's OpenAPI file requires brand and maskedCardNo. A gateway always sends them if it knows them, but a reader must not depend on them. */
        VaultedCard: {
            cardToken: components["schemas"]["CardToken"];
            /** @description The brand of the card. */
            brand?: components["schemas"]["CardBrand"];
            /**
             * @description The card number with most digits replaced by asterisks, at most 64 characters. Antom's sample shows the last four digits, and contract tests report more digits as a leak.
             * @example ************8764
             */
            maskedCardNo?: string;
            /**
             * @description The card scheme's ID of the transaction that verified the card, at most 256 characters. Used for merchant-initiated payments.
             * @example 123456789012345
             */
            networkTransactionId?: string;
            /**
             * @description The funding type of the card, if the payment channel provides it. The gateway may add values.
             * @example CREDIT
             * @enum {string}
             */
            funding?: "CREDIT" | "DEBIT" | "PREPAID" | "CHARGE" | "DEFERRED_DEBIT";
            /**
             * @description The issuing bank, if the payment channel provides it.
             * @example Example Bank
             */
            issuerName?: string;
            /** @description Country or region of the issuing bank, ISO 3166-1 alpha-2, if the payment channel provides it. */
            issuingCountry?: components["schemas"]["CountryCode"];
            /** @description The brand that was chosen for a co-badged card. Only in Antom's OpenAPI files and SDKs; no source says when a response contains it. */
            selectedCardBrand?: components["schemas"]["CardBrand"];
            /**
             * @description The last four digits of the card number.
             * @example 8764
             */
            lastFour?: string;
            /**
             * @description The bank identification number (BIN), up to the first 8 digits of the card number.
             * @example 411227
             */
            bin?: string;
            /**
             * @description A value that identifies the card number without revealing it.
             * @example mK3vXo0r5Jb1
             */
            fingerprint?: string;
            /**
             * @description The result of the address verification, as the card scheme returned it.
             * @example Y
             */
            avsResultRaw?: string;
            /**
             * @description The result of the CVV check, as the card scheme returned it.
             * @example M
             */
            cvvResultRaw?: string;
            /**
             * @description The last two digits of the expiry year. A reader hides it, and this project's servers never send it.
             * @example 30
             */
            expiryYear?: string;
            /**
             * @description The expiry month in two digits. A reader hides it, and this project's servers never send it.
             * @example 08
             */
            expiryMonth?: string;
            /** @description The cardholder's name. A reader hides it, and this project's servers never send it. */
            cardholderName?: Record<string, never>;
            /** @description The billing address. A reader hides it, and this project's servers never send it. */
            billingAddress?: Record<string, never>;
            /**
             * @description A different name for lastFour. Only in Antom's OpenAPI files and SDKs.
             * @example 8764
             */
            last4?: string;
            /**
             * @description A different name for maskedCardNo. Only in Antom's OpenAPI files and SDKs.
             * @example ************8764
             */
            mask?: string;
            /**
             * @description A different name for issuerName. Only in Antom's OpenAPI files and SDKs.
             * @example Example Bank
             */
            cardIssuer?: string;
            /**
             * @description A different name for issuingCountry. Only in Antom's OpenAPI files and SDKs.
             * @example SG
             */
            countryIssue?: string;
            /** @description The brands of a co-badged card. Only in Antom's OpenAPI files and SDKs. */
            supportedBrands?: components["schemas"]["CardBrand"][];
        };
        /** @description The vaulted payment method. */
        VaultedPaymentMethodDetail: {
            /**
             * @description The type of the payment method, always `CARD`.
             * @constant
             */
            paymentMethodType: "CARD";
            card: components["schemas"]["VaultedCard"];
        };
        /** @description The card is vaulted. This result is final. */
        VaultPaymentMethodVaulted: {
            result: components["schemas"]["SuccessResult"];
            /** @description The vaultingRequestId of the request. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            paymentMethodDetail: components["schemas"]["VaultedPaymentMethodDetail"];
        };
        /** @description The payment method is being verified. */
        VerificationInProcessResult: {
            /**
             * @description Always `VERIFICATION_IN_PROCESS`.
             * @constant
             */
            resultCode: "VERIFICATION_IN_PROCESS";
            /**
             * @description `U`, not final.
             * @constant
             */
            resultStatus: "U";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /**
         * @description An http or https URL from the gateway, at most 2048 characters.
         * @example https://open-na-global.alipay.com/vaulting/3ds/9f0c1d
         */
        GatewayUrl: string;
        /**
         * @description A URL with the custom scheme of an app, at most 2048 characters.
         * @example antomwallet://vaulting/9f0c1d
         */
        AppUrl: string;
        /** @description The vaulting is created. Redirect the buyer to one of the URLs. This result is not final: the final result arrives in notifyVaulting and inquireVaulting. */
        VaultPaymentMethodVerificationRequired: {
            result: components["schemas"]["VerificationInProcessResult"];
            /** @description The vaultingRequestId of the request. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /** @description A page for the buyer's browser. For a card, the buyer completes 3-D Secure there. At most 2048 characters. */
            normalUrl?: components["schemas"]["GatewayUrl"];
            /** @description A URL that opens an installed app on Android or iOS. At most 2048 characters. */
            schemeUrl?: components["schemas"]["AppUrl"];
            /** @description An Android App Link or iOS Universal Link, which opens the app, or a page if the app is not installed. At most 2048 characters. */
            applinkUrl?: components["schemas"]["GatewayUrl"];
            /**
             * @deprecated
             * @description A different spelling of applinkUrl, from one of Antom's pages. Accept it in responses, but never send it. At most 2048 characters.
             */
            appLinkUrl?: components["schemas"]["GatewayUrl"];
        };
        /** @description Verification without a URL: the vaulting could not be created. Call again with a new vaultingRequestId. If the problem persists, contact Antom support. */
        VaultPaymentMethodVerificationWithoutUrl: {
            result: components["schemas"]["VerificationInProcessResult"];
            /** @description The vaultingRequestId of the request. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
        };
        /**
         * @description A code that vaultPaymentMethod returns with status F, including the codes of the gateway. The gateway may add codes, so decide by resultStatus first.
         * @example PARAM_ILLEGAL
         * @enum {string}
         */
        VaultPaymentMethodFailedCode: "PARAM_ILLEGAL" | "PROCESS_FAIL" | "VERIFICATION_FAIL" | "INVALID_SIGNATURE" | "KEY_NOT_FOUND" | "ACCESS_DENIED" | "CLIENT_FORBIDDEN_ACCESS_API" | "INVALID_API" | "INVALID_CLIENT" | "INVALID_CLIENT_STATUS" | "UNKNOWN_CLIENT" | "MERCHANT_NOT_REGISTERED" | "NO_INTERFACE_DEF" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "ILLEGAL_CLIENT_IP" | "OAUTH_FAIL" | "REPEAT_REQ_INCONSISTENT" | "RISK_REJECT" | "SYSTEM_ERROR";
        /** @description The call failed. */
        VaultPaymentMethodFailedResult: {
            resultCode: components["schemas"]["VaultPaymentMethodFailedCode"];
            /**
             * @description `F`, failure.
             * @constant
             */
            resultStatus: "F";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description The vaulting failed, or the gateway rejected the call. The code shows what to do. */
        VaultPaymentMethodFailed: {
            result: components["schemas"]["VaultPaymentMethodFailedResult"];
            /** @description The vaultingRequestId of the request. Absent only if the gateway could not read a valid ID or rejected the signature. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /**
         * @description A code with status U. The gateway may add codes, so decide by resultStatus first.
         * @example UNKNOWN_EXCEPTION
         * @enum {string}
         */
        UnknownCode: "UNKNOWN_EXCEPTION" | "REQUEST_TRAFFIC_EXCEED_LIMIT";
        /** @description The gateway does not know the result of the call. Call inquireVaulting, or retry with the same ID. */
        UnknownResult: {
            resultCode: components["schemas"]["UnknownCode"];
            /**
             * @description `U`, unknown.
             * @constant
             */
            resultStatus: "U";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description The gateway does not know the result of the call. Call inquireVaulting, or retry with the same vaultingRequestId. With a new ID, the card could be vaulted twice. */
        VaultPaymentMethodUnknown: {
            result: components["schemas"]["UnknownResult"];
            /** @description The vaultingRequestId of the request. Absent if the gateway failed before it read the ID. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /** @description The response of vaultPaymentMethod: one of its outcomes. The gateway may add fields; ignore unknown fields. */
        VaultPaymentMethodResponse: components["schemas"]["VaultPaymentMethodVaulted"] | components["schemas"]["VaultPaymentMethodVerificationRequired"] | components["schemas"]["VaultPaymentMethodVerificationWithoutUrl"] | components["schemas"]["VaultPaymentMethodFailed"] | components["schemas"]["VaultPaymentMethodUnknown"];
        /** @description Information from the acquirer, only in notifications of the APO product. */
        AcquirerInfo: {
            /**
             * @description Name of the acquirer, at most 64 characters.
             * @example Example Acquirer
             */
            acquirerName?: string;
            /**
             * @description Antom's ID of its request to the acquirer, at most 64 characters.
             * @example ref-1
             */
            referenceRequestId?: string;
            /**
             * @description The acquirer's ID of the transaction, at most 64 characters.
             * @example acq-1
             */
            acquirerTransactionId?: string;
            /**
             * @description The merchant's ID at the acquirer, at most 64 characters.
             * @example m-1
             */
            acquirerMerchantId?: string;
            /**
             * @description The acquirer's result code, at most 64 characters.
             * @example 00
             */
            acquirerResultCode?: string;
            /**
             * @description The acquirer's result message, at most 64 characters.
             * @example Approved
             */
            acquirerResultMessage?: string;
            /**
             * @description The acquirer's token of the card, at most 64 characters.
             * @example tok-1
             */
            acquirerCardToken?: string;
            /**
             * @description The merchant's name at the acquirer.
             * @example Example Merchant
             */
            acquirerMerchantName?: string;
            /**
             * @description A human-readable reason from the acquirer.
             * @example Approved
             */
            acquirerReasonDescription?: string;
            /**
             * @description The payment terminal service provider's ID of the transaction.
             * @example ptsp-1
             */
            ptspTransactionId?: string;
        };
        /** @description The card is vaulted. */
        VaultingNotificationVaulted: {
            result: components["schemas"]["SuccessResult"];
            /** @description The ID of the vaulting. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting. Only in notifications of the APO product.
             * @constant
             */
            vaultingStatus?: "SUCCESS";
            paymentMethodDetail: components["schemas"]["VaultedPaymentMethodDetail"];
            /** @description The metadata that the merchant sent with vaultPaymentMethod. Absent if the merchant sent none. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * Format: date-time
             * @description The time at which the vaulting was created, ISO 8601 with an offset. Only in older notifications.
             * @example 2026-11-22T12:01:01+08:00
             */
            vaultingCreateTime?: string;
            /**
             * @description The type of the notification. Only in Antom's SDKs; no page describes a value for vaulting.
             * @example VAULTING_RESULT
             */
            notifyType?: string;
            /** @description Information from the acquirer, only in notifications of the APO product. */
            acquirerInfo?: components["schemas"]["AcquirerInfo"] | string;
        };
        /**
         * @description The reason why the vaulting failed: a code of the issuer, card scheme, or acquirer, or a code of vaultPaymentMethod. The gateway may add codes, so decide by resultStatus first.
         * @example VERIFICATION_FAIL
         * @enum {string}
         */
        VaultingNotificationFailedCode: "VERIFICATION_FAIL" | "ACCESS_DENIED" | "ACCOUNT_CLOSED" | "AUTHENTICATION_REQUIRED" | "BLOCKED_FIRST_USED" | "CARD_EXPIRED" | "CARD_NOT_SUPPORTED" | "DO_NOT_HONOR" | "FRAUD_REJECT" | "INVALID_CARD_NUMBER" | "INVALID_CVV" | "INVALID_EXPIRATION_DATE" | "LOST_CARD" | "NO_SELECTED_ACCOUNT" | "ORDER_IS_CLOSED" | "PAYMENT_AMOUNT_EXCEED_LIMIT" | "PAYMENT_COUNT_EXCEED_LIMIT" | "PICKUP_CARD" | "POLICY" | "PROCESS_FAIL" | "RESTRICTED_CARD" | "STOLEN_CARD" | "USER_BALANCE_NOT_ENOUGH" | "USER_PAYMENT_VERIFICATION_FAILED" | "VERIFY_TIMES_EXCEED_LIMIT";
        /** @description The vaulting failed. */
        VaultingNotificationFailedResult: {
            resultCode: components["schemas"]["VaultingNotificationFailedCode"];
            /**
             * @description `F`, failure.
             * @constant
             */
            resultStatus: "F";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description The card that was not vaulted. It has no cardToken, and never contains the complete card number or the CVV. */
        FailedCard: {
            /** @description The brand of the card. */
            brand?: components["schemas"]["CardBrand"];
            /**
             * @description The card number with most digits replaced by asterisks, at most 64 characters.
             * @example ************4822
             */
            maskedCardNo?: string;
            /**
             * @description The card scheme's ID of the transaction that verified the card, at most 256 characters. Used for merchant-initiated payments.
             * @example 123456789012345
             */
            networkTransactionId?: string;
            /**
             * @description The funding type of the card, if the payment channel provides it. The gateway may add values.
             * @example CREDIT
             * @enum {string}
             */
            funding?: "CREDIT" | "DEBIT" | "PREPAID" | "CHARGE" | "DEFERRED_DEBIT";
            /**
             * @description The issuing bank, if the payment channel provides it.
             * @example Example Bank
             */
            issuerName?: string;
            /** @description Country or region of the issuing bank, ISO 3166-1 alpha-2, if the payment channel provides it. */
            issuingCountry?: components["schemas"]["CountryCode"];
            /** @description The brand that was chosen for a co-badged card. Only in Antom's OpenAPI files and SDKs; no source says when a response contains it. */
            selectedCardBrand?: components["schemas"]["CardBrand"];
            /**
             * @description The last four digits of the card number.
             * @example 8764
             */
            lastFour?: string;
            /**
             * @description The bank identification number (BIN), up to the first 8 digits of the card number.
             * @example 411227
             */
            bin?: string;
            /**
             * @description A value that identifies the card number without revealing it.
             * @example mK3vXo0r5Jb1
             */
            fingerprint?: string;
            /**
             * @description The result of the address verification, as the card scheme returned it.
             * @example Y
             */
            avsResultRaw?: string;
            /**
             * @description The result of the CVV check, as the card scheme returned it.
             * @example M
             */
            cvvResultRaw?: string;
            /**
             * @description The last two digits of the expiry year. A reader hides it, and this project's servers never send it.
             * @example 30
             */
            expiryYear?: string;
            /**
             * @description The expiry month in two digits. A reader hides it, and this project's servers never send it.
             * @example 08
             */
            expiryMonth?: string;
            /** @description The cardholder's name. A reader hides it, and this project's servers never send it. */
            cardholderName?: Record<string, never>;
            /** @description The billing address. A reader hides it, and this project's servers never send it. */
            billingAddress?: Record<string, never>;
            /**
             * @description A different name for lastFour. Only in Antom's OpenAPI files and SDKs.
             * @example 8764
             */
            last4?: string;
            /**
             * @description A different name for maskedCardNo. Only in Antom's OpenAPI files and SDKs.
             * @example ************8764
             */
            mask?: string;
            /**
             * @description A different name for issuerName. Only in Antom's OpenAPI files and SDKs.
             * @example Example Bank
             */
            cardIssuer?: string;
            /**
             * @description A different name for issuingCountry. Only in Antom's OpenAPI files and SDKs.
             * @example SG
             */
            countryIssue?: string;
            /** @description The brands of a co-badged card. Only in Antom's OpenAPI files and SDKs. */
            supportedBrands?: components["schemas"]["CardBrand"][];
        };
        /** @description The payment method of a failed vaulting. Antom's pages mark it as required in every notification, but contain no sample of a failure: treat it as optional. It contains no token. */
        FailedPaymentMethodDetail: {
            /**
             * @description The type of the payment method, always `CARD`.
             * @constant
             */
            paymentMethodType: "CARD";
            card?: components["schemas"]["FailedCard"];
        };
        /** @description The vaulting failed. */
        VaultingNotificationFailed: {
            result: components["schemas"]["VaultingNotificationFailedResult"];
            /** @description The ID of the vaulting. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting. Only in notifications of the APO product.
             * @constant
             */
            vaultingStatus?: "FAIL";
            paymentMethodDetail?: components["schemas"]["FailedPaymentMethodDetail"];
            /** @description The metadata that the merchant sent with vaultPaymentMethod. Absent if the merchant sent none. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * Format: date-time
             * @description The time at which the vaulting was created, ISO 8601 with an offset. Only in older notifications.
             * @example 2026-11-22T12:01:01+08:00
             */
            vaultingCreateTime?: string;
            /**
             * @description The type of the notification. Only in Antom's SDKs; no page describes a value for vaulting.
             * @example VAULTING_RESULT
             */
            notifyType?: string;
            /** @description Information from the acquirer, only in notifications of the APO product. */
            acquirerInfo?: components["schemas"]["AcquirerInfo"] | string;
        };
        /** @description The final result of a vaulting. Its resultStatus is that of the vaulting: S for vaulted, F for failed, never U. The same notification can arrive more than once. The gateway may add fields; ignore unknown fields. */
        VaultingNotification: components["schemas"]["VaultingNotificationVaulted"] | components["schemas"]["VaultingNotificationFailed"];
        /** @description The fixed result of an acknowledgement. */
        AcknowledgementResult: {
            /**
             * @description Always `SUCCESS`.
             * @constant
             */
            resultCode: "SUCCESS";
            /**
             * @description Always `S`.
             * @constant
             */
            resultStatus: "S";
            /**
             * @description Always `success`.
             * @constant
             */
            resultMessage: "success";
        };
        /** @description The fixed body that, with HTTP status 200, stops the gateway from resending. It needs no signature. After any other response, the gateway resends the notification. */
        VaultingAcknowledgement: {
            result: components["schemas"]["AcknowledgementResult"];
        };
        /** @description The reason for rejecting the notification. */
        NotificationRejectionResult: {
            /**
             * @description The reason, as a code.
             * @example INVALID_SIGNATURE
             * @enum {string}
             */
            resultCode: "INVALID_SIGNATURE" | "PARAM_ILLEGAL" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "PROCESS_FAIL";
            /**
             * @description Always `F`.
             * @constant
             */
            resultStatus: "F";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description A response with which a merchant can reject a notification. No page describes it. After any response except the acknowledgement, the gateway resends the notification. */
        NotificationRejection: {
            result: components["schemas"]["NotificationRejectionResult"];
        };
        /** @description Requests a session in which the buyer enters the card on Antom's page or in Antom's component, so that no card data passes through the merchant. Unknown fields are accepted and ignored. */
        CreateVaultingSessionRequest: {
            /**
             * @description The type of the payment method, always `CARD`.
             * @example CARD
             * @constant
             */
            paymentMethodType: "CARD";
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /** @description The URL to which the gateway sends notifyVaulting when the result is final. At most 2048 characters. */
            vaultingNotificationUrl: components["schemas"]["MerchantUrl"];
            /** @description The merchant's page to which the buyer returns after the hosted page. At most 2048 characters. */
            redirectUrl?: components["schemas"]["MerchantUrl"];
            /** @description Country or region of the merchant's business, ISO 3166-1 alpha-2. Required only with the Global Acquirer Gateway product. */
            merchantRegion?: components["schemas"]["CountryCode"];
            /** @description Whether the merchant requests 3-D Secure for the card. Default: false. */
            is3DSAuthentication?: components["schemas"]["BooleanOrText"];
        };
        /** @description The session is created. No source shows vaultingRequestId in this response. */
        CreateVaultingSessionCreated: {
            result: components["schemas"]["SuccessResult"];
            /**
             * @description The encrypted session, at most 4096 characters. Pass it unchanged to Antom's client component.
             * @example UAE8n2Zk0vD3xq1T9uJ5aQ==
             */
            vaultingSessionData: string;
            /**
             * @description Antom's ID of the session, at most 64 characters.
             * @example UAE8n2Zk0vD3xq1T9uJ5
             */
            vaultingSessionId: string;
            /**
             * Format: date-time
             * @description The expiry time of the session, ISO 8601 with an offset.
             * @example 2027-01-01T12:01:01+08:00
             */
            vaultingSessionExpiryTime: string;
            /** @description A hosted page on which the buyer can enter the card, at most 2048 characters. */
            normalUrl?: components["schemas"]["GatewayUrl"];
        };
        /**
         * @description A code that createVaultingSession returns with status F, including the codes of the gateway. The gateway may add codes, so decide by resultStatus first.
         * @example PARAM_ILLEGAL
         * @enum {string}
         */
        CreateVaultingSessionFailedCode: "PARAM_ILLEGAL" | "PROCESS_FAIL" | "INVALID_SIGNATURE" | "KEY_NOT_FOUND" | "ACCESS_DENIED" | "CLIENT_FORBIDDEN_ACCESS_API" | "INVALID_API" | "INVALID_CLIENT" | "INVALID_CLIENT_STATUS" | "UNKNOWN_CLIENT" | "MERCHANT_NOT_REGISTERED" | "NO_INTERFACE_DEF" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "ILLEGAL_CLIENT_IP" | "OAUTH_FAIL" | "REPEAT_REQ_INCONSISTENT" | "RISK_REJECT" | "SYSTEM_ERROR";
        /** @description The call failed. */
        CreateVaultingSessionFailedResult: {
            resultCode: components["schemas"]["CreateVaultingSessionFailedCode"];
            /**
             * @description `F`, failure.
             * @constant
             */
            resultStatus: "F";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description No session was created. The code shows what to do. */
        CreateVaultingSessionFailed: {
            result: components["schemas"]["CreateVaultingSessionFailedResult"];
        };
        /** @description The gateway does not know the result of the call. Retry with the same vaultingRequestId. */
        CreateVaultingSessionUnknown: {
            result: components["schemas"]["UnknownResult"];
        };
        /** @description The response of createVaultingSession: one of its outcomes. The gateway may add fields; ignore unknown fields. */
        CreateVaultingSessionResponse: components["schemas"]["CreateVaultingSessionCreated"] | components["schemas"]["CreateVaultingSessionFailed"] | components["schemas"]["CreateVaultingSessionUnknown"];
        /** @description Requests the state of a vaulting. Unknown fields are accepted and ignored. */
        InquireVaultingRequest: {
            /** @description The vaultingRequestId that was sent to vaultPaymentMethod or createVaultingSession. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            merchantAccountId?: components["schemas"]["MerchantAccountId"];
        };
        /** @description The card is vaulted. This result is final. */
        InquireVaultingVaulted: {
            result: components["schemas"]["SuccessResult"];
            /** @description The vaultingRequestId of the request. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting, here `SUCCESS`.
             * @constant
             */
            vaultingStatus: "SUCCESS";
            /** @description The metadata that the merchant sent with vaultPaymentMethod. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * @description A human-readable message about the state of the vaulting, at most 256 characters.
             * @example success.
             */
            vaultingResultMessage?: string;
            /**
             * @description The result code of the vaulting. Only in responses since 2026.
             * @constant
             */
            vaultingResultCode?: "SUCCESS";
            paymentMethodDetail: components["schemas"]["VaultedPaymentMethodDetail"];
        };
        /** @description The vaulting is in progress. If the response contains a URL, you can redirect the buyer there. */
        InquireVaultingProcessing: {
            result: components["schemas"]["SuccessResult"];
            /** @description The vaultingRequestId of the request. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting, here `PROCESSING`.
             * @constant
             */
            vaultingStatus: "PROCESSING";
            /** @description The metadata that the merchant sent with vaultPaymentMethod. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * @description A human-readable message about the state of the vaulting, at most 256 characters.
             * @example success.
             */
            vaultingResultMessage?: string;
            /**
             * @description The result code of the vaulting. Only in responses since 2026.
             * @constant
             */
            vaultingResultCode?: "VERIFICATION_IN_PROCESS";
            /** @description A page for the buyer's browser. For a card, the buyer completes 3-D Secure there. At most 2048 characters. */
            normalUrl?: components["schemas"]["GatewayUrl"];
            /** @description A URL that opens an installed app on Android or iOS. At most 2048 characters. */
            schemeUrl?: components["schemas"]["AppUrl"];
            /** @description An Android App Link or iOS Universal Link, which opens the app, or a page if the app is not installed. At most 2048 characters. */
            applinkUrl?: components["schemas"]["GatewayUrl"];
            /**
             * @deprecated
             * @description A different spelling of applinkUrl, from one of Antom's pages. Accept it in responses, but never send it. At most 2048 characters.
             */
            appLinkUrl?: components["schemas"]["GatewayUrl"];
        };
        /**
         * @description The reason why a vaulting failed: a code of the issuer, card scheme, or acquirer, or PROCESS_FAIL if no other code matches. The gateway may add codes.
         * @example DO_NOT_HONOR
         * @enum {string}
         */
        VaultingFailureCode: "ACCESS_DENIED" | "ACCOUNT_CLOSED" | "AUTHENTICATION_REQUIRED" | "BLOCKED_FIRST_USED" | "CARD_EXPIRED" | "CARD_NOT_SUPPORTED" | "DO_NOT_HONOR" | "FRAUD_REJECT" | "INVALID_CARD_NUMBER" | "INVALID_CVV" | "INVALID_EXPIRATION_DATE" | "LOST_CARD" | "NO_SELECTED_ACCOUNT" | "ORDER_IS_CLOSED" | "PAYMENT_AMOUNT_EXCEED_LIMIT" | "PAYMENT_COUNT_EXCEED_LIMIT" | "PICKUP_CARD" | "POLICY" | "PROCESS_FAIL" | "RESTRICTED_CARD" | "STOLEN_CARD" | "USER_BALANCE_NOT_ENOUGH" | "USER_PAYMENT_VERIFICATION_FAILED" | "VERIFY_TIMES_EXCEED_LIMIT";
        /** @description The inquiry succeeded, and the vaulting failed. This result is final. */
        InquireVaultingVaultingFailed: {
            result: components["schemas"]["SuccessResult"];
            /** @description The vaultingRequestId of the request. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting, here `FAIL`.
             * @constant
             */
            vaultingStatus: "FAIL";
            /** @description The metadata that the merchant sent with vaultPaymentMethod. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * @description A human-readable message about the state of the vaulting, at most 256 characters.
             * @example success.
             */
            vaultingResultMessage?: string;
            /** @description The reason why the vaulting failed. Only in responses since 2026. */
            vaultingResultCode?: components["schemas"]["VaultingFailureCode"];
        };
        /**
         * @description A code that inquireVaulting returns with status F, including the codes of the gateway. It describes the inquiry, not the vaulting. The gateway may add codes, so decide by resultStatus first.
         * @example PARAM_ILLEGAL
         * @enum {string}
         */
        InquireVaultingFailedCode: "VAULTING_NOT_EXIST" | "PARAM_ILLEGAL" | "PROCESS_FAIL" | "INVALID_SIGNATURE" | "KEY_NOT_FOUND" | "ACCESS_DENIED" | "CLIENT_FORBIDDEN_ACCESS_API" | "INVALID_API" | "INVALID_CLIENT" | "INVALID_CLIENT_STATUS" | "UNKNOWN_CLIENT" | "MERCHANT_NOT_REGISTERED" | "NO_INTERFACE_DEF" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "ILLEGAL_CLIENT_IP" | "OAUTH_FAIL" | "REPEAT_REQ_INCONSISTENT" | "RISK_REJECT" | "SYSTEM_ERROR";
        /** @description The call failed. */
        InquireVaultingFailedResult: {
            resultCode: components["schemas"]["InquireVaultingFailedCode"];
            /**
             * @description `F`, failure.
             * @constant
             */
            resultStatus: "F";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description The inquiry failed, so the response does not show the state of the vaulting. Only VAULTING_NOT_EXIST means that no vaulting has this ID. */
        InquireVaultingFailed: {
            result: components["schemas"]["InquireVaultingFailedResult"];
            /** @description The vaultingRequestId of the request. Absent only if the gateway could not read a valid ID or rejected the signature. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /** @description The gateway does not know the state. Call inquireVaulting again with the same ID. */
        InquireVaultingUnknown: {
            result: components["schemas"]["UnknownResult"];
            /** @description The vaultingRequestId of the request. Absent if the gateway failed before it read the ID. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /** @description The response of inquireVaulting: one of its outcomes. Its result shows only whether the inquiry succeeded; vaultingStatus is the state of the vaulting. The gateway may add fields; ignore unknown fields. */
        InquireVaultingResponse: components["schemas"]["InquireVaultingVaulted"] | components["schemas"]["InquireVaultingProcessing"] | components["schemas"]["InquireVaultingVaultingFailed"] | components["schemas"]["InquireVaultingFailed"] | components["schemas"]["InquireVaultingUnknown"];
    };
    responses: {
        /** @description The acknowledgement. Only this body with this status stops the gateway from resending. */
        NotificationAcknowledged: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["VaultingAcknowledgement"];
            };
        };
        /** @description The merchant rejects the notification. The gateway resends the notification. */
        NotificationRejected: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["NotificationRejection"];
            };
        };
        /** @description The merchant cannot handle the notification now. The gateway resends the notification. */
        NotificationNotHandled: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["NotificationRejection"];
            };
        };
    };
    parameters: {
        /** @description The token of an independent software vendor (ISV) that acts for the merchant, at most 128 characters. Antom's Go SDK sends an empty value if there is none. */
        AgentToken: string;
        /**
         * @description `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`, created with Antom's key over `POST <path of the merchant's URL>`, the client ID, the time, and the body.
         * @example algorithm=RSA256,keyVersion=1,signature=dGhpcyBpcyBhbiBleGFtcGxl
         */
        NotificationSignature: string;
        /**
         * @description The merchant's client ID.
         * @example SANDBOX_5X00000000000000
         */
        NotificationClientId: string;
        /**
         * @description The time of the notification, ISO 8601 with an offset or milliseconds since 1970. Verify the signature with the unchanged text of the header.
         * @example 2026-11-22T12:01:01+08:00
         */
        NotificationRequestTime: string;
    };
    requestBodies: {
        /** @description The final result of the vaulting. */
        NotifyVaulting: {
            content: {
                "application/json": components["schemas"]["VaultingNotification"];
            };
        };
    };
    headers: {
        /** @description `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`, created with Antom's key. Present if and only if `response-time` is present. The gateway may omit both headers on errors (result status F or U), and never signs the response to a request with an invalid signature. A response with result status S is always signed. */
        Signature: string;
        /** @description The client ID of the request. Absent only if the request had none. */
        ClientId: string;
        /** @description The time of the response, ISO 8601 with an offset, accurate to the second. Its text is part of the string to sign. Present if and only if `signature` is present. */
        ResponseTime: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    vaultPaymentMethod: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of an independent software vendor (ISV) that acts for the merchant, at most 128 characters. Antom's Go SDK sends an empty value if there is none. */
                "agent-token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The ID of the vaulting, the card, the buyer's environment, and the merchant's URLs. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VaultPaymentMethodRequest"];
            };
        };
        responses: {
            /** @description All API responses, including business failures. */
            200: {
                headers: {
                    signature: components["headers"]["Signature"];
                    "client-id": components["headers"]["ClientId"];
                    "response-time": components["headers"]["ResponseTime"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VaultPaymentMethodResponse"];
                };
            };
        };
    };
    createVaultingSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of an independent software vendor (ISV) that acts for the merchant, at most 128 characters. Antom's Go SDK sends an empty value if there is none. */
                "agent-token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The ID of the vaulting, and the merchant's URLs. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateVaultingSessionRequest"];
            };
        };
        responses: {
            /** @description All API responses, including business failures. */
            200: {
                headers: {
                    signature: components["headers"]["Signature"];
                    "client-id": components["headers"]["ClientId"];
                    "response-time": components["headers"]["ResponseTime"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateVaultingSessionResponse"];
                };
            };
        };
    };
    inquireVaulting: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of an independent software vendor (ISV) that acts for the merchant, at most 128 characters. Antom's Go SDK sends an empty value if there is none. */
                "agent-token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The ID of the vaulting. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["InquireVaultingRequest"];
            };
        };
        responses: {
            /** @description All API responses, including business failures. */
            200: {
                headers: {
                    signature: components["headers"]["Signature"];
                    "client-id": components["headers"]["ClientId"];
                    "response-time": components["headers"]["ResponseTime"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InquireVaultingResponse"];
                };
            };
        };
    };
    notifyVaulting: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`, created with Antom's key over `POST <path of the merchant's URL>`, the client ID, the time, and the body.
                 * @example algorithm=RSA256,keyVersion=1,signature=dGhpcyBpcyBhbiBleGFtcGxl
                 */
                Signature: components["parameters"]["NotificationSignature"];
                /**
                 * @description The merchant's client ID.
                 * @example SANDBOX_5X00000000000000
                 */
                "Client-Id": components["parameters"]["NotificationClientId"];
                /**
                 * @description The time of the notification, ISO 8601 with an offset or milliseconds since 1970. Verify the signature with the unchanged text of the header.
                 * @example 2026-11-22T12:01:01+08:00
                 */
                "Request-Time": components["parameters"]["NotificationRequestTime"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["NotifyVaulting"];
        responses: {
            200: components["responses"]["NotificationAcknowledged"];
            "4XX": components["responses"]["NotificationRejected"];
            "5XX": components["responses"]["NotificationNotHandled"];
        };
    };
}
