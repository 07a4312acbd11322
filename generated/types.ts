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
         * @description Sends a card's data and gets a cardToken for it, or addresses at which the buyer completes 3-D Secure. Signed both ways. Repeating a call with the same vaultingRequestId is safe and gives the first result again.
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
         * @description Gets encrypted session data for the vendor's client component, and a hosted page, on which the buyer types the card, so that no card data pass through the merchant. The result of the vaulting comes by notifyVaulting and inquireVaulting.
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
         * Ask for the state of a vaulting
         * @description Reads the state of a vaulting by its vaultingRequestId; while it is unfinished, the addresses for the buyer come again. The result of the answer tells only whether the inquiry worked.
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
         * The final result of a vaulting
         * @description The gateway posts the final result, success or failure, to the vaultingNotificationUrl. It is signed with Antom's key over the path of that address. Verify it over the raw bytes before parsing; record it; answer the acknowledgement. Until that comes it is delivered up to eight times: at once (0 s), then after 2 min, 10 min, 10 min, 1 h, 2 h, 6 h and 15 h, each counted from the one before. Handle it idempotently.
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
         * @description The merchant's own ID of this vaulting, and its idempotency key: repeat a call with the same ID and the first final result comes again. 1 to 64 characters (Unicode code points) of any script, blanks and punctuation included, but no control characters; compared exactly. vaultPaymentMethod and createVaultingSession share one name space of IDs.
         * @example 123456789206
         */
        VaultingRequestId: string;
        /**
         * @description An address of the merchant, at most 2048 characters: http or https, or without a scheme as in the vendor's own sample. No user name, no backslash, no blank and no control character; every other scheme is refused.
         * @example https://merchant.example/vaulting/result
         */
        MerchantUrl: string;
        /**
         * @description A country or region, ISO 3166-1 alpha-2, upper case. Reserved codes such as UK are refused.
         * @example BR
         * @enum {string}
         */
        CountryCode: "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
        /**
         * @description The merchant's account, at most 64 characters, no control characters. Needed when one client ID is used in several locations.
         * @example 218812000000000001
         */
        MerchantAccountId: string;
        /**
         * @description The merchant's own text for this vaulting, at most 2048 characters; it comes back in notifyVaulting and inquireVaulting.
         * @example {"customer":"c-17"}
         */
        Metadata: string;
        /**
         * @description The card's brand, one of the 37 names that the vendor's SDKs know. The gateway may add brands, so a reader of an answer must accept a name that is not listed.
         * @example VISA
         * @enum {string}
         */
        CardBrand: "AMEX" | "BC" | "CARNET" | "CARTES_BANCAIRES" | "CITI" | "CUP" | "DINERS" | "DISCOVER" | "ELO" | "GWANGJUBANK" | "HIPERCARD" | "HYUNDAI" | "IBK_BC" | "JCB" | "JEJUBANK" | "JEONBUKBANK" | "KAKAOBANK" | "KBANK" | "KDBBANK" | "KEBHANA" | "KOOKMIN" | "LOTTE" | "MAESTRO" | "MASTERCARD" | "MIR" | "NONGHYUP" | "POST" | "SAEMAUL" | "SAMSUNG" | "SAVINGBANK" | "SHINHAN" | "SHINHYEOP" | "SUHYEOP" | "TOSSBANK" | "TROY" | "VISA" | "WOORI";
        /** @description The name of the cardholder as the card shows it. */
        UserName: {
            /**
             * @description First name, at most 32 characters. Needed for cards issued in Brazil, Chile, Mexico or Peru.
             * @example Ana
             */
            firstName?: string;
            /**
             * @description Middle name, at most 32 characters.
             * @example Maria
             */
            middleName?: string;
            /**
             * @description Last name, at most 32 characters. Needed where firstName is needed.
             * @example Souza
             */
            lastName?: string;
            /**
             * @description The whole name in one text, at most 128 characters.
             * @example Ana Maria Souza
             */
            fullName?: string;
        };
        /** @description The billing address of the card. */
        Address: {
            /** @description Country or region of the address, ISO 3166-1 alpha-2, upper case. */
            region?: components["schemas"]["CountryCode"];
            /**
             * @description State, county or province, at most 8 characters. With a US merchant entity and a card issued in CA, US or GB it is the ISO 3166-2 subdivision code of two or three characters.
             * @example CA
             */
            state?: string;
            /**
             * @description City, district, suburb, town or village, at most 32 characters.
             * @example São Paulo
             */
            city?: string;
            /**
             * @description First line of the address (street, number, post-office box), at most 256 characters.
             * @example Rua Augusta 1200
             */
            address1?: string;
            /**
             * @description Second line of the address (flat, suite, building), at most 256 characters.
             * @example Apto 12
             */
            address2?: string;
            /**
             * @description Postal code, at most 32 characters. With a US merchant entity only digits, letters, hyphens and blanks, at most 10 characters.
             * @example 01304001
             */
            zipCode?: string;
        };
        /**
         * @description A Boolean. The pages ask callers to quote it, the vendor's five SDKs send it native; both forms are accepted here, native is the one to send.
         * @example true
         */
        BooleanOrText: boolean | ("true" | "false");
        /** @description The card to vault. Sending it from server to server needs PCI DSS qualification (an AoC above six million card transactions a year, otherwise an SAQ); createVaultingSession needs none. Which of the conditional fields the gateway wants depends on the country of the issuing bank, which the schema cannot see. */
        Card: {
            /**
             * @description The card number: 12 to 19 digits (ISO/IEC 7812) without blanks or hyphens, its last digit a Luhn check digit. The vendor's own limit is 32 characters, which no card number reaches.
             * @example 4054695723100768
             */
            cardNo: string;
            /**
             * @description The last two digits of the year of expiry, for example 25 for 2025. Four digits are refused.
             * @example 30
             */
            expiryYear: string;
            /**
             * @description The month of expiry in two digits, 01 to 12.
             * @example 08
             */
            expiryMonth: string;
            /** @description The brand of the card, if known. It is the merchant's word; the gateway finds the brand by the number. */
            brand?: components["schemas"]["CardBrand"];
            /**
             * @description The card verification value: 3 digits, 4 for American Express. Needed for a global card and for a card issued in Brazil, Chile, Mexico or Peru. Never to be stored after the call.
             * @example 123
             */
            cvv?: string;
            /** @description The cardholder's name. Needed for cards issued in Brazil, Chile, Mexico or Peru. */
            cardholderName?: components["schemas"]["UserName"];
            /** @description The billing address of the card. */
            billingAddress?: components["schemas"]["Address"];
            /**
             * Format: date
             * @description Date of birth of the cardholder as YYYY-MM-DD. Needed for a personal card of a Korean issuing bank.
             * @example 1990-05-14
             */
            dateOfBirth?: string;
            /**
             * @description Business registration number, 10 digits. Needed for a corporate card of a Korean issuing bank.
             * @example 1208147521
             */
            businessNo?: string;
            /**
             * @deprecated
             * @description The name that the vendor's sample request uses where every other source says businessNo. Tolerated so that the sample stays a valid request; send businessNo. At most 10 characters.
             * @example 96
             */
            businessRegistrationNo?: string;
            /**
             * @description The first two digits of the card password. Needed for a card of a Korean issuing bank.
             * @example 12
             */
            cardPasswordDigest?: string;
            /**
             * @description Brazilian tax ID of the cardholder, 11 digits. Needed for a card issued in Brazil.
             * @example 12345678909
             */
            cpf?: string;
            /**
             * @description E-mail address of the payer, at most 64 characters. Needed for cards issued in Brazil, Chile, Mexico or Peru.
             * @example ana@buyer.example
             */
            payerEmail?: string;
            /** @description Whether the merchant wants 3-D Secure. True makes the gateway answer VERIFICATION_IN_PROCESS with an address for the buyer, unless the card is exempt. Left out means false. */
            is3DSAuthentication?: components["schemas"]["BooleanOrText"];
        };
        /** @description The payment method to vault. */
        PaymentMethodDetail: {
            /**
             * @description The kind of payment method, always `CARD`. (The vendor's guide once misnames this field paymentMethod.)
             * @example CARD
             * @constant
             */
            paymentMethodType: "CARD";
            card: components["schemas"]["Card"];
        };
        /**
         * @description Where the buyer is: `WEB` a site in a desktop browser, `WAP` a page in a mobile browser, `APP` a mobile app, `MINI_APP` a mini program. Send upper case; lower-case `app` is accepted only because the vendor's own sample has it.
         * @example WEB
         * @enum {string}
         */
        TerminalType: "WEB" | "WAP" | "APP" | "MINI_APP" | "app";
        /**
         * @description The operating system of the buyer's device. The vendor's authorization API requires it for `APP`, `WAP` and `MINI_APP`; for vaulting nothing is stated.
         * @example IOS
         * @enum {string}
         */
        OsType: "IOS" | "ANDROID";
        /** @description What the buyer's browser tells of itself, for risk control and 3-D Secure. */
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
             * @description The browser's language as navigator.language gives it.
             * @example en-US
             */
            language?: string;
            /**
             * @description The User-Agent header that the browser sent.
             * @example Mozilla/5.0
             */
            userAgent?: string;
        };
        /** @description Where the buyer is and on what device, for risk control and for choosing the addresses that come back. */
        Env: {
            terminalType: components["schemas"]["TerminalType"];
            osType?: components["schemas"]["OsType"];
            /**
             * @description The User-Agent header of the buyer's browser or app.
             * @example Mozilla/5.0
             */
            userAgent?: string;
            /**
             * @description The device's token from the vendor's device-fingerprint client, at most 64 characters.
             * @example 7e1f6a
             */
            deviceTokenId?: string;
            /**
             * @description The buyer's IP address, version 4 or 6. Wanted for risk control and whenever the payment method is a card.
             * @example 203.0.113.7
             */
            clientIp?: string;
            /**
             * @description The ID of the buyer's cookie at the merchant.
             * @example c-51f0
             */
            cookieId?: string;
            /**
             * @description Further information agreed with the vendor, at most 2048 characters.
             * @example {"channel":"app"}
             */
            extendInfo?: string;
            /**
             * @description Colour depth of the buyer's screen in bits, as screen.colorDepth gives it; 0 where it is not known.
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
             * @description Minutes from the buyer's local time to UTC, -720 to 720, as getTimezoneOffset() gives them (UTC+2 is -120).
             * @example -120
             */
            timeZoneOffset?: number | string;
            /**
             * @description Maker of the buyer's device, for risk control, at most 64 characters.
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
        /** @description Asks the gateway to vault a card. Fields that are not described here are accepted and ignored. */
        VaultPaymentMethodRequest: {
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /** @description Where the gateway sends notifyVaulting once the result is final; it wins over the address set in the dashboard. At most 2048 characters. */
            vaultingNotificationUrl: components["schemas"]["MerchantUrl"];
            /** @description The merchant's page that the buyer comes back to. Nothing is added to it; what the page shows must follow the result that the server knows. At most 2048 characters. */
            redirectUrl: components["schemas"]["MerchantUrl"];
            /** @description Country or region of the merchant's business, ISO 3166-1 alpha-2. Needed only with the Global Acquirer Gateway product. */
            merchantRegion?: components["schemas"]["CountryCode"];
            merchantAccountId?: components["schemas"]["MerchantAccountId"];
            metadata?: components["schemas"]["Metadata"];
            paymentMethodDetail: components["schemas"]["PaymentMethodDetail"];
            env: components["schemas"]["Env"];
        };
        /**
         * @description A sentence for people, at most 256 characters. Its wording is not part of the contract.
         * @example success.
         */
        ResultMessage: string;
        /** @description The call succeeded. */
        SuccessResult: {
            /**
             * @description The code of success.
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
         * @description The token that stands for the vaulted card, at most 2048 characters. In pay it goes into paymentMethod.paymentMethodId with paymentMethodType CARD. Each vaulting has a token of its own: do not assume that one card always has one token.
         * @example ALIPAY9CGwsAeMBug+G2dSKDV6AIsNKTxAFNkOMoj8Gxvt8h0eDUbd6nO5CwMFIjEFERWxCAo/b1OjVTvtl1zspyMGcg==
         */
        CardToken: string;
        /** @description The vaulted card. It carries no card number, CVV or expiry. */
        VaultedCard: {
            cardToken: components["schemas"]["CardToken"];
            /** @description The brand of the card. */
            brand?: components["schemas"]["CardBrand"];
            /**
             * @description The card number with all but a few digits replaced by asterisks, at most 64 characters. The vendor's sample shows the last four, and contract tests take more than these for a leak.
             * @example ************8764
             */
            maskedCardNo?: string;
            /**
             * @description The card scheme's ID of the transaction that verified the card, at most 256 characters; for merchant-initiated payments.
             * @example 123456789012345
             */
            networkTransactionId?: string;
            /**
             * @description How the card is funded, if the channel knows it. The gateway may add values.
             * @example CREDIT
             * @enum {string}
             */
            funding?: "CREDIT" | "DEBIT" | "PREPAID" | "CHARGE" | "DEFERRED_DEBIT";
            /**
             * @description The issuing bank, if the channel knows it.
             * @example Example Bank
             */
            issuerName?: string;
            /** @description Country or region of the issuing bank, ISO 3166-1 alpha-2, if the channel knows it. */
            issuingCountry?: components["schemas"]["CountryCode"];
        };
        /** @description The payment method as it was vaulted. */
        VaultedPaymentMethodDetail: {
            /**
             * @description The kind of payment method, always `CARD`.
             * @constant
             */
            paymentMethodType: "CARD";
            card: components["schemas"]["VaultedCard"];
        };
        /** @description The card is vaulted. Final. */
        VaultPaymentMethodVaulted: {
            result: components["schemas"]["SuccessResult"];
            /** @description The ID of the request, echoed. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            paymentMethodDetail: components["schemas"]["VaultedPaymentMethodDetail"];
        };
        /** @description The payment method is being verified. */
        VerificationInProcessResult: {
            /**
             * @description The code of a verification under way.
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
         * @description An http or https address that the gateway gives, at most 2048 characters.
         * @example https://open-na-global.alipay.com/vaulting/3ds/9f0c1d
         */
        GatewayUrl: string;
        /**
         * @description An address with a scheme of an app's own, at most 2048 characters.
         * @example antomwallet://vaulting/9f0c1d
         */
        AppUrl: string;
        /** @description The vaulting is created and the buyer has to be sent to one of the addresses. Not final: notifyVaulting or inquireVaulting tell the result. */
        VaultPaymentMethodVerificationRequired: {
            result: components["schemas"]["VerificationInProcessResult"];
            /** @description The ID of the request, echoed. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /** @description A page for the buyer's browser; for a card the page on which 3-D Secure is completed. At most 2048 characters. */
            normalUrl?: components["schemas"]["GatewayUrl"];
            /** @description Opens an installed app on Android or iOS. At most 2048 characters. */
            schemeUrl?: components["schemas"]["AppUrl"];
            /** @description An Android App Link or iOS Universal Link, opens the app or else a page. At most 2048 characters. */
            applinkUrl?: components["schemas"]["GatewayUrl"];
            /**
             * @deprecated
             * @description A spelling of applinkUrl that the vendor's page uses in some places. Tolerated when read, never sent. At most 2048 characters.
             */
            appLinkUrl?: components["schemas"]["GatewayUrl"];
        } & ({
            /** @description A page for the buyer's browser; for a card the page on which 3-D Secure is completed. */
            normalUrl: unknown;
        } | {
            /** @description Opens an installed app on Android or iOS. */
            schemeUrl: unknown;
        } | {
            /** @description Opens the app or else a page. */
            applinkUrl: unknown;
        } | {
            /** @description A spelling of applinkUrl that the vendor uses in some places. */
            appLinkUrl: unknown;
        });
        /** @description Verification is under way but no address came: the vaulting could not be created. Call again with a new vaultingRequestId; if it persists, ask the vendor's support. */
        VaultPaymentMethodVerificationWithoutUrl: {
            result: components["schemas"]["VerificationInProcessResult"];
            /** @description The ID of the request, echoed. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
        } & unknown;
        /**
         * @description A code of status F that vaultPaymentMethod answers, the gateway's own included. The gateway may add codes; a reader decides by resultStatus first.
         * @example PARAM_ILLEGAL
         * @enum {string}
         */
        VaultPaymentMethodFailedCode: "PARAM_ILLEGAL" | "PROCESS_FAIL" | "VERIFICATION_FAIL" | "INVALID_SIGNATURE" | "KEY_NOT_FOUND" | "ACCESS_DENIED" | "CLIENT_FORBIDDEN_ACCESS_API" | "INVALID_API" | "INVALID_CLIENT" | "INVALID_CLIENT_STATUS" | "UNKNOWN_CLIENT" | "MERCHANT_NOT_REGISTERED" | "NO_INTERFACE_DEF" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "REPEAT_REQ_INCONSISTENT" | "RISK_REJECT" | "SYSTEM_ERROR";
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
        /** @description The vaulting failed, or the gateway refused the call. What to do follows from the code. */
        VaultPaymentMethodFailed: {
            result: components["schemas"]["VaultPaymentMethodFailedResult"];
            /** @description The ID of the request, echoed. Absent only where the gateway could not read a legal one, or refused the signature. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /**
         * @description A code of status U. The gateway may add codes; a reader decides by resultStatus first.
         * @example UNKNOWN_EXCEPTION
         * @enum {string}
         */
        UnknownCode: "UNKNOWN_EXCEPTION" | "REQUEST_TRAFFIC_EXCEED_LIMIT";
        /** @description The gateway does not know how the call ended. Inquire, or repeat it with the same ID. */
        UnknownResult: {
            resultCode: components["schemas"]["UnknownCode"];
            /**
             * @description `U`, unknown.
             * @constant
             */
            resultStatus: "U";
            resultMessage: components["schemas"]["ResultMessage"];
        };
        /** @description The gateway does not know how the call ended. Inquire, or repeat the call with the same vaultingRequestId: a new ID could vault twice. */
        VaultPaymentMethodUnknown: {
            result: components["schemas"]["UnknownResult"];
            /** @description The ID of the request, echoed. Absent where the gateway failed before it had read one. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /** @description The answer to vaultPaymentMethod: one branch for each outcome. Fields that are not described may be added by the gateway and are ignored. */
        VaultPaymentMethodResponse: components["schemas"]["VaultPaymentMethodVaulted"] | components["schemas"]["VaultPaymentMethodVerificationRequired"] | components["schemas"]["VaultPaymentMethodVerificationWithoutUrl"] | components["schemas"]["VaultPaymentMethodFailed"] | components["schemas"]["VaultPaymentMethodUnknown"];
        /** @description The acquirer's side of the vaulting, in notifications of the APO product only. */
        AcquirerInfo: {
            /**
             * @description Name of the acquirer, at most 64 characters.
             * @example Example Acquirer
             */
            acquirerName?: string;
            /**
             * @description The acquirer's ID of the request, at most 64 characters.
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
             * @description The acquirer's reason in words.
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
            /** @description What the merchant sent as metadata with vaultPaymentMethod; absent where nothing was sent. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * Format: date-time
             * @description When the vaulting was created, ISO 8601 with offset. In older notifications only.
             * @example 2026-11-22T12:01:01+08:00
             */
            vaultingCreateTime?: string;
            /**
             * @description The kind of notification. In the vendor's SDKs only; no page describes a value for vaulting.
             * @example VAULTING_RESULT
             */
            notifyType?: string;
            /** @description The acquirer's side of the vaulting, in notifications of the APO product only. */
            acquirerInfo?: components["schemas"]["AcquirerInfo"] | string;
        };
        /**
         * @description Why the vaulting failed: a code of the issuer, scheme or acquirer, or one of vaultPaymentMethod's own. The gateway may add codes; a reader decides by resultStatus first.
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
        /** @description The card that was not vaulted. */
        FailedCard: {
            /** @description The brand of the card. */
            brand?: components["schemas"]["CardBrand"];
            /**
             * @description The card number with all but a few digits replaced by asterisks, at most 64 characters.
             * @example ************4822
             */
            maskedCardNo?: string;
        };
        /** @description The payment method of a vaulting that failed. The pages mark it required in every notification, but no sample of a failure exists; read it as optional. It carries no token. */
        FailedPaymentMethodDetail: {
            /**
             * @description The kind of payment method, always `CARD`.
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
            /** @description What the merchant sent as metadata with vaultPaymentMethod; absent where nothing was sent. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * Format: date-time
             * @description When the vaulting was created, ISO 8601 with offset. In older notifications only.
             * @example 2026-11-22T12:01:01+08:00
             */
            vaultingCreateTime?: string;
            /**
             * @description The kind of notification. In the vendor's SDKs only; no page describes a value for vaulting.
             * @example VAULTING_RESULT
             */
            notifyType?: string;
            /** @description The acquirer's side of the vaulting, in notifications of the APO product only. */
            acquirerInfo?: components["schemas"]["AcquirerInfo"] | string;
        };
        /** @description The final result of a vaulting. Its resultStatus is the vaulting's own: S vaulted, F failed; there is no U. The same notification can come more than once. Fields that are not described may be added by the gateway and are ignored. */
        VaultingNotification: components["schemas"]["VaultingNotificationVaulted"] | components["schemas"]["VaultingNotificationFailed"];
        /** @description The fixed result. */
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
        /** @description The fixed body that stops the resending, with HTTP status 200. It needs no signature. Anything else makes the gateway send again. */
        VaultingAcknowledgement: {
            result: components["schemas"]["AcknowledgementResult"];
        };
        /** @description Why the notification was not taken. */
        NotificationRefusalResult: {
            /**
             * @description The reason.
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
        /** @description What a merchant may answer to a notification that it does not take. No page describes it; any answer but the acknowledgement makes the gateway send again. */
        NotificationRefusal: {
            result: components["schemas"]["NotificationRefusalResult"];
        };
        /** @description Asks the gateway for a session in which the buyer types the card on the vendor's own page or component, so that no card data pass through the merchant. Fields that are not described here are accepted and ignored. */
        CreateVaultingSessionRequest: {
            /**
             * @description The kind of payment method, always `CARD`.
             * @example CARD
             * @constant
             */
            paymentMethodType: "CARD";
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /** @description Where the gateway sends notifyVaulting once the result is final. At most 2048 characters. */
            vaultingNotificationUrl: components["schemas"]["MerchantUrl"];
            /** @description The merchant's page to send the buyer straight back to afterwards. At most 2048 characters. */
            redirectUrl?: components["schemas"]["MerchantUrl"];
            /** @description Country or region of the merchant's business, ISO 3166-1 alpha-2. Needed only with the Global Acquirer Gateway product. */
            merchantRegion?: components["schemas"]["CountryCode"];
            /** @description Whether the merchant wants 3-D Secure for the card that is typed. Left out means false. */
            is3DSAuthentication?: components["schemas"]["BooleanOrText"];
        };
        /** @description The session is created. No source shows vaultingRequestId in this answer. */
        CreateVaultingSessionCreated: {
            result: components["schemas"]["SuccessResult"];
            /**
             * @description The encrypted session, to be handed unread to the vendor's client component. At most 4096 characters.
             * @example UAE8n2Zk0vD3xq1T9uJ5aQ==
             */
            vaultingSessionData: string;
            /**
             * @description The vendor's ID of the session, at most 64 characters.
             * @example UAE8n2Zk0vD3xq1T9uJ5
             */
            vaultingSessionId: string;
            /**
             * Format: date-time
             * @description When the session ends, ISO 8601 with offset.
             * @example 2027-01-01T12:01:01+08:00
             */
            vaultingSessionExpiryTime: string;
            /** @description A hosted page on which the buyer can type the card, at most 2048 characters. */
            normalUrl?: components["schemas"]["GatewayUrl"];
        };
        /**
         * @description A code of status F that createVaultingSession answers, the gateway's own included. The gateway may add codes; a reader decides by resultStatus first.
         * @example PARAM_ILLEGAL
         * @enum {string}
         */
        CreateVaultingSessionFailedCode: "PARAM_ILLEGAL" | "PROCESS_FAIL" | "INVALID_SIGNATURE" | "KEY_NOT_FOUND" | "ACCESS_DENIED" | "CLIENT_FORBIDDEN_ACCESS_API" | "INVALID_API" | "INVALID_CLIENT" | "INVALID_CLIENT_STATUS" | "UNKNOWN_CLIENT" | "MERCHANT_NOT_REGISTERED" | "NO_INTERFACE_DEF" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "REPEAT_REQ_INCONSISTENT" | "RISK_REJECT" | "SYSTEM_ERROR";
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
        /** @description No session was created. What to do follows from the code. */
        CreateVaultingSessionFailed: {
            result: components["schemas"]["CreateVaultingSessionFailedResult"];
        };
        /** @description The gateway does not know how the call ended. Repeat it with the same vaultingRequestId. */
        CreateVaultingSessionUnknown: {
            result: components["schemas"]["UnknownResult"];
        };
        /** @description The answer to createVaultingSession: one branch for each outcome. Fields that are not described may be added by the gateway and are ignored. */
        CreateVaultingSessionResponse: components["schemas"]["CreateVaultingSessionCreated"] | components["schemas"]["CreateVaultingSessionFailed"] | components["schemas"]["CreateVaultingSessionUnknown"];
        /** @description Asks for the state of a vaulting. Fields that are not described here are accepted and ignored. */
        InquireVaultingRequest: {
            /** @description The ID of the vaulting that is asked for, as given to vaultPaymentMethod or createVaultingSession. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            merchantAccountId?: components["schemas"]["MerchantAccountId"];
        };
        /** @description The card is vaulted. Final. */
        InquireVaultingVaulted: {
            result: components["schemas"]["SuccessResult"];
            /** @description The ID that was asked for, echoed. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting, here `SUCCESS`.
             * @constant
             */
            vaultingStatus: "SUCCESS";
            /** @description What the merchant sent as metadata with vaultPaymentMethod. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * @description A sentence for people on the state of the vaulting, at most 256 characters.
             * @example success.
             */
            vaultingResultMessage?: string;
            /**
             * @description The result code of the vaulting. Only in answers since 2026.
             * @constant
             */
            vaultingResultCode?: "SUCCESS";
            paymentMethodDetail: components["schemas"]["VaultedPaymentMethodDetail"];
        };
        /** @description The vaulting is not finished; where an address comes, the buyer can still be sent there. */
        InquireVaultingProcessing: {
            result: components["schemas"]["SuccessResult"];
            /** @description The ID that was asked for, echoed. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting, here `PROCESSING`.
             * @constant
             */
            vaultingStatus: "PROCESSING";
            /** @description What the merchant sent as metadata with vaultPaymentMethod. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * @description A sentence for people on the state of the vaulting, at most 256 characters.
             * @example success.
             */
            vaultingResultMessage?: string;
            /**
             * @description The result code of the vaulting. Only in answers since 2026.
             * @constant
             */
            vaultingResultCode?: "VERIFICATION_IN_PROCESS";
            /** @description A page for the buyer's browser; for a card the page on which 3-D Secure is completed. At most 2048 characters. */
            normalUrl?: components["schemas"]["GatewayUrl"];
            /** @description Opens an installed app on Android or iOS. At most 2048 characters. */
            schemeUrl?: components["schemas"]["AppUrl"];
            /** @description An Android App Link or iOS Universal Link, opens the app or else a page. At most 2048 characters. */
            applinkUrl?: components["schemas"]["GatewayUrl"];
            /**
             * @deprecated
             * @description A spelling of applinkUrl that the vendor's page uses in some places. Tolerated when read, never sent. At most 2048 characters.
             */
            appLinkUrl?: components["schemas"]["GatewayUrl"];
        };
        /**
         * @description Why a vaulting failed: a code of the issuer, scheme or acquirer, PROCESS_FAIL where it cannot be mapped. The gateway may add codes.
         * @example DO_NOT_HONOR
         * @enum {string}
         */
        VaultingFailureCode: "ACCESS_DENIED" | "ACCOUNT_CLOSED" | "AUTHENTICATION_REQUIRED" | "BLOCKED_FIRST_USED" | "CARD_EXPIRED" | "CARD_NOT_SUPPORTED" | "DO_NOT_HONOR" | "FRAUD_REJECT" | "INVALID_CARD_NUMBER" | "INVALID_CVV" | "INVALID_EXPIRATION_DATE" | "LOST_CARD" | "NO_SELECTED_ACCOUNT" | "ORDER_IS_CLOSED" | "PAYMENT_AMOUNT_EXCEED_LIMIT" | "PAYMENT_COUNT_EXCEED_LIMIT" | "PICKUP_CARD" | "POLICY" | "PROCESS_FAIL" | "RESTRICTED_CARD" | "STOLEN_CARD" | "USER_BALANCE_NOT_ENOUGH" | "USER_PAYMENT_VERIFICATION_FAILED" | "VERIFY_TIMES_EXCEED_LIMIT";
        /** @description The inquiry worked, the vaulting failed. Final. */
        InquireVaultingVaultingFailed: {
            result: components["schemas"]["SuccessResult"];
            /** @description The ID that was asked for, echoed. */
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The state of the vaulting, here `FAIL`.
             * @constant
             */
            vaultingStatus: "FAIL";
            /** @description What the merchant sent as metadata with vaultPaymentMethod. */
            metadata?: components["schemas"]["Metadata"];
            /**
             * @description A sentence for people on the state of the vaulting, at most 256 characters.
             * @example success.
             */
            vaultingResultMessage?: string;
            /** @description Why the vaulting failed. Only in answers since 2026. */
            vaultingResultCode?: components["schemas"]["VaultingFailureCode"];
        };
        /**
         * @description A code of status F that inquireVaulting answers, the gateway's own included. It tells of the inquiry, not of the vaulting. The gateway may add codes; a reader decides by resultStatus first.
         * @example PARAM_ILLEGAL
         * @enum {string}
         */
        InquireVaultingFailedCode: "VAULTING_NOT_EXIST" | "PARAM_ILLEGAL" | "PROCESS_FAIL" | "INVALID_SIGNATURE" | "KEY_NOT_FOUND" | "ACCESS_DENIED" | "CLIENT_FORBIDDEN_ACCESS_API" | "INVALID_API" | "INVALID_CLIENT" | "INVALID_CLIENT_STATUS" | "UNKNOWN_CLIENT" | "MERCHANT_NOT_REGISTERED" | "NO_INTERFACE_DEF" | "METHOD_NOT_SUPPORTED" | "MEDIA_TYPE_NOT_ACCEPTABLE" | "REPEAT_REQ_INCONSISTENT" | "RISK_REJECT" | "SYSTEM_ERROR";
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
        /** @description The inquiry failed; it says nothing of the vaulting, save VAULTING_NOT_EXIST. */
        InquireVaultingFailed: {
            result: components["schemas"]["InquireVaultingFailedResult"];
            /** @description The ID that was asked for, echoed. Absent only where the gateway could not read a legal one, or refused the signature. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /** @description The gateway does not know. Inquire again with the same ID. */
        InquireVaultingUnknown: {
            result: components["schemas"]["UnknownResult"];
            /** @description The ID that was asked for, echoed. Absent where the gateway failed before it had read one. */
            vaultingRequestId?: components["schemas"]["VaultingRequestId"];
        };
        /** @description The answer to inquireVaulting. Its result tells only whether the inquiry worked; the vaulting's state is vaultingStatus. One branch for each outcome. Fields that are not described may be added by the gateway and are ignored. */
        InquireVaultingResponse: components["schemas"]["InquireVaultingVaulted"] | components["schemas"]["InquireVaultingProcessing"] | components["schemas"]["InquireVaultingVaultingFailed"] | components["schemas"]["InquireVaultingFailed"] | components["schemas"]["InquireVaultingUnknown"];
    };
    responses: {
        /** @description The acknowledgement. Only this body with this status stops the resending. */
        VaultingAcknowledgement: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["VaultingAcknowledgement"];
            };
        };
        /** @description The merchant does not take the notification as it is; the gateway sends it again. */
        NotificationRefused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["NotificationRefusal"];
            };
        };
        /** @description The merchant could not handle the notification now; the gateway sends it again. */
        NotificationNotHandled: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["NotificationRefusal"];
            };
        };
    };
    parameters: {
        /** @description The token of an independent software vendor that acts for the merchant, at most 128 characters. The vendor's Go SDK sends it empty where there is none. */
        AgentToken: string;
        /**
         * @description `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`, made with Antom's key over `POST <path of the merchant's address>`, the client ID, the time and the body.
         * @example algorithm=RSA256,keyVersion=1,signature=dGhpcyBpcyBhbiBleGFtcGxl
         */
        NotificationSignature: string;
        /**
         * @description The merchant's client ID.
         * @example SANDBOX_5X00000000000000
         */
        NotificationClientId: string;
        /**
         * @description When the notification is sent, ISO 8601 with offset or milliseconds since 1970. Verify with the text as it came.
         * @example 2026-11-22T12:01:01+08:00
         */
        NotificationRequestTime: string;
    };
    requestBodies: {
        /** @description The result. */
        VaultingNotification: {
            content: {
                "application/json": components["schemas"]["VaultingNotification"];
            };
        };
    };
    headers: {
        /** @description `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`, made with Antom's key. There on every answer but one: a refused request signature is answered unsigned. */
        Signature: string;
        /** @description The client ID of the request, echoed. Absent only where the request had none. */
        ClientId: string;
        /** @description When the answer was made, ISO 8601 with offset, accurate to the second. Part of the signed text as it stands. */
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
                /** @description The token of an independent software vendor that acts for the merchant, at most 128 characters. The vendor's Go SDK sends it empty where there is none. */
                "agent-token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The call's fields. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VaultPaymentMethodRequest"];
            };
        };
        responses: {
            /** @description Every answer of the gateway, business failures among them. */
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
                /** @description The token of an independent software vendor that acts for the merchant, at most 128 characters. The vendor's Go SDK sends it empty where there is none. */
                "agent-token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The call's fields. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateVaultingSessionRequest"];
            };
        };
        responses: {
            /** @description Every answer of the gateway, business failures among them. */
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
                /** @description The token of an independent software vendor that acts for the merchant, at most 128 characters. The vendor's Go SDK sends it empty where there is none. */
                "agent-token"?: components["parameters"]["AgentToken"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The call's fields. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["InquireVaultingRequest"];
            };
        };
        responses: {
            /** @description Every answer of the gateway, business failures among them. */
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
                 * @description `algorithm=RSA256,keyVersion=1,signature=<URL-encoded base64>`, made with Antom's key over `POST <path of the merchant's address>`, the client ID, the time and the body.
                 * @example algorithm=RSA256,keyVersion=1,signature=dGhpcyBpcyBhbiBleGFtcGxl
                 */
                Signature: components["parameters"]["NotificationSignature"];
                /**
                 * @description The merchant's client ID.
                 * @example SANDBOX_5X00000000000000
                 */
                "Client-Id": components["parameters"]["NotificationClientId"];
                /**
                 * @description When the notification is sent, ISO 8601 with offset or milliseconds since 1970. Verify with the text as it came.
                 * @example 2026-11-22T12:01:01+08:00
                 */
                "Request-Time": components["parameters"]["NotificationRequestTime"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["VaultingNotification"];
        responses: {
            200: components["responses"]["VaultingAcknowledgement"];
            "4XX": components["responses"]["NotificationRefused"];
            "5XX": components["responses"]["NotificationNotHandled"];
        };
    };
}
