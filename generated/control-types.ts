// Made by `npm run generate` from spec/. Do not edit.
export interface paths {
    "/_sandbox/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the sandbox is
         * @description Answers 200 in either status; read `status`.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was asked and answered
         * @description The exchanges with the Vault API, oldest first. The journal is bounded: the oldest entries make room for new ones. To follow it, give the sequence of the last exchange that you have as `after`.
         */
        get: operations["listCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Server-sent events, for whoever wants to show what this process does: only IDs and kinds, so ask the other operations for the rest.
         *
         *     An event's `event` field is its kind and its `data` an `Event` as JSON. Only an exchange has an `id`. Whoever comes back with the last
         *     one as `Last-Event-ID` is sent the exchanges since from the journal; where the journal no longer reaches that far, or another process
         *     wrote it, an event of the kind `missed` comes first, and what is shown is to be asked for anew. Changes of vaultings and
         *     notifications are not sent again. A comment comes every 15 seconds, so that a broken connection is noticed.
         *
         *     Of several sandboxes on one database each tells of its own work alone. When the sandbox stops, it ends the stream.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/vaultings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The vaultings
         * @description Newest first. For the next page, give the sequence of the last vaulting of this one as `before`.
         */
        get: operations["listVaultings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/vaultings/{vaultingRequestId}": {
        parameters: {
            query?: {
                /**
                 * @description The client whose vaulting it is. The first client, where it is absent.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["ClientOfVaulting"];
            };
            header?: never;
            path: {
                /**
                 * @description The merchant's ID of the vaulting, percent-encoded.
                 * @example 123456789206
                 */
                vaultingRequestId: components["parameters"]["VaultingRequestIdInPath"];
            };
            cookie?: never;
        };
        /** One vaulting with its notifications */
        get: operations["getVaulting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/vaultings/{vaultingRequestId}/challenge": {
        parameters: {
            query?: {
                /**
                 * @description The client whose vaulting it is. The first client, where it is absent.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["ClientOfVaulting"];
            };
            header?: never;
            path: {
                /**
                 * @description The merchant's ID of the vaulting, percent-encoded.
                 * @example 123456789206
                 */
                vaultingRequestId: components["parameters"]["VaultingRequestIdInPath"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a pending challenge without its page
         * @description Gives a challenge the result that the buyer or the issuer would have given it. The vaulting is final afterwards, and the merchant is notified as ever.
         */
        post: operations["completeChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The notifications
         * @description Newest first, with every attempt at each. An exhausted one stays, and can be sent again.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/notifications/{sequence}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a notification again
         * @description Starts the schedule of the notification anew, at once, whatever its state. The body is the same, byte for byte.
         */
        post: operations["resendNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sandbox's time */
        get: operations["getClock"];
        put?: never;
        /**
         * Move the clock
         * @description Advances the clock, sets it, or takes it back to the machine's time. It runs on from there. What has become due on the way is done: challenges expire, notifications are tried.
         */
        post: operations["moveClock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/scenarios": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The scenarios that are on */
        get: operations["listScenarios"];
        put?: never;
        /**
         * Answer an operation with a fixed result code
         * @description As the error scenarios in the vendor's dashboard: every call of the operation is answered with the code until the time has run out. One scenario for each operation and client; a new one takes the place of the old. A code that the operation does not have is refused.
         */
        post: operations["startScenario"];
        /** End scenarios */
        delete: operations["endScenarios"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The faults still to come */
        get: operations["listFaults"];
        put?: never;
        /** Make the next calls or notifications go wrong */
        post: operations["injectFault"];
        /** Take back all faults */
        delete: operations["clearFaults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget everything but the clients
         * @description Forgets vaultings, notifications, journal, scenarios and faults, and takes the clock back to the machine's time. The clients and all keys stay.
         */
        post: operations["reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The test cards
         * @description The published test numbers and what the sandbox does with each. Any other number that passes the Luhn check is vaulted.
         */
        get: operations["listCards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clients */
        get: operations["listClients"];
        put?: never;
        /**
         * Add a client
         * @description Makes a client with keys of its own, and gives what a merchant needs to call. The private key is shown this once and kept nowhere: keep it.
         */
        post: operations["addClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_sandbox/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The gateway's public keys
         * @description Every key that the gateway has signed with since its beginning. The older ones stay published, for what was signed before a rotation.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Replace the gateway's signing key
         * @description Makes the gateway's next key. From then on every answer and notification is signed with it and carries its version, repeated attempts at older notifications too. Answers to known IDs keep their bodies. With a data folder the key is kept there, and credentials.json tells its public half. Of several sandboxes on one database only this one has the key. Takes no body.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One value that is not as described here. */
        Issue: {
            /**
             * @description Where it stands. A JSON Pointer into the body; for a parameter, a slash and the parameter's name.
             * @example /minuts
             */
            pointer: string;
            /**
             * @description The keyword of JSON Schema that it breaks.
             * @example additionalProperties
             */
            rule: string;
            /**
             * @description What the rule asks for. Never the value.
             * @example is not in the document
             */
            message: string;
        };
        /** @description A refusal. */
        ErrorResponse: {
            /** @description What was wrong. */
            error: {
                /**
                 * @description What kind of refusal it is, for programs. BAD_REQUEST, TOKEN_REQUIRED, ORIGIN_NOT_ALLOWED, NOT_FOUND, METHOD_NOT_ALLOWED, CONFLICT, UNSUPPORTED_MEDIA_TYPE and TOO_MANY_SUBSCRIBERS; others may come.
                 * @example BAD_REQUEST
                 */
                code: string;
                /**
                 * @description What was wrong and what to do, for people.
                 * @example The body breaks the rules of ScenarioRequest.
                 */
                message: string;
                /** @description Each value that is not as described here. Only with BAD_REQUEST. */
                issues?: components["schemas"]["Issue"][];
            };
        };
        /** @description The clock that the sandbox lives by. */
        Clock: {
            /**
             * Format: date-time
             * @description The sandbox's time.
             * @example 2026-03-01T09:02:10.000Z
             */
            now: string;
            /**
             * @description How many milliseconds it is ahead of the machine's clock; negative where it is behind.
             * @example 130000
             */
            offsetMs: number;
        };
        /** @description The loop that delivers notifications. */
        Delivery: {
            /** @description Whether the loop runs in this process. */
            running: boolean;
            /**
             * Format: date-time
             * @description When it last looked for what is due, by the machine's clock. Absent before the first time.
             * @example 2026-03-01T09:00:05.120Z
             */
            lastRunAt?: string;
            /**
             * @description How many notifications are still to be tried, now or later.
             * @example 1
             */
            pending: number;
            /**
             * @description How many attempts this process is making at the moment.
             * @example 0
             */
            inFlight: number;
        };
        /** @description How the sandbox is. */
        Health: {
            /**
             * @description degraded where calls are answered but something else stands still, such as the delivery of notifications.
             * @enum {string}
             */
            status: "ok" | "degraded";
            /**
             * @description The version of antom-vault.
             * @example 0.1.0
             */
            version: string;
            /**
             * Format: date-time
             * @description When the process was started, by the machine's clock.
             * @example 2026-03-01T09:00:00.000Z
             */
            startedAt: string;
            /**
             * @description The database that holds the state.
             * @enum {string}
             */
            engine: "sqlite" | "postgresql";
            /** @description The sandbox's clock. */
            clock: components["schemas"]["Clock"];
            /** @description The loop that delivers notifications. */
            delivery: components["schemas"]["Delivery"];
            /**
             * @description How many vaultings are stored, those of all clients.
             * @example 3
             */
            vaultings: number;
            /**
             * @description The address before the path of an operation, as a client needs it.
             * @example http://127.0.0.1:4010
             */
            baseUrl: string;
        };
        /**
         * @description An operation of the Vault API.
         * @enum {string}
         */
        OperationId: "vaultPaymentMethod" | "createVaultingSession" | "inquireVaulting";
        /**
         * @description What goes wrong. response-delayed, the answer is late; request-dropped and response-dropped, the connection is dropped before or after the request is worked on; response-truncated, the answer ends too early; response-unsigned and response-invalid-signature, the answer's signature is missing or does not fit. The same with a notification: it comes twice, after a later one, late, with a signature that does not fit, with none.
         * @enum {string}
         */
        FaultKind: "response-delayed" | "request-dropped" | "response-dropped" | "response-truncated" | "response-unsigned" | "response-invalid-signature" | "notification-duplicated" | "notification-out-of-order" | "notification-delayed" | "notification-invalid-signature" | "notification-unsigned";
        /** @description A call of the Vault API and its answer. */
        ApiCall: {
            /**
             * @description The number of the exchange; later ones have greater numbers.
             * @example 42
             */
            sequence: number;
            /**
             * Format: date-time
             * @description When the request had come, on the sandbox's clock.
             * @example 2026-03-01T09:00:01.500Z
             */
            at: string;
            /** @description The operation that was called. Absent where the path is that of none. */
            operation?: components["schemas"]["OperationId"];
            /**
             * @description The path that was asked for, without its query.
             * @example /ams/api/v1/vaults/vaultPaymentMethod
             */
            path: string;
            /**
             * @description The client that the request named, whether or not there is such a client. Absent where it named none.
             * @example SANDBOX_5X00000000000000
             */
            clientId?: string;
            /**
             * @description The request's Request-Time as it was sent, which the signature covers. Absent where it is no time. The text that was signed is `POST <path with query>`, a line feed, `<clientId>.<requestTime>.` and the body's bytes.
             * @example 2026-03-01T09:00:01Z
             */
            requestTime?: string;
            /**
             * @description The vaulting that the request named. Absent where none could be read.
             * @example 123456789206
             */
            vaultingRequestId?: string;
            /**
             * @description The result code of the answer. Absent where the connection was dropped without one.
             * @example SUCCESS
             */
            resultCode?: string;
            /**
             * @description The result status of the answer. S success, F failure, U unknown. Absent where resultCode is.
             * @enum {string}
             */
            resultStatus?: "S" | "F" | "U";
            /**
             * @description How long it took from the request's end to the answer's, in milliseconds.
             * @example 3.2
             */
            durationMs: number;
            /** @description The request's body, with card data masked. What is no JSON object or array is not shown. */
            request: string;
            /** @description The answer's body, with card data masked. Empty where there was none. */
            response: string;
            /** @description Whether the answer was signed. */
            signed: boolean;
            /**
             * @description Why the request's signature was refused, in a sentence. The usual mistake that fits is looked for after the answer, for a few requests in a second; until it is found, and where none fits, the sentence says only that the signature does not fit.
             * @example The signature fits the body with its line feeds taken out; sign the bytes that you send.
             */
            note?: string;
            /** @description The injected fault that befell the exchange. */
            fault?: components["schemas"]["FaultKind"];
            /**
             * @description The result code of the scenario that gave the answer.
             * @example RISK_REJECT
             */
            scenario?: string;
        };
        /** @description A part of the journal. */
        CallList: {
            /** @description The exchanges, oldest first. */
            calls: components["schemas"]["ApiCall"][];
        };
        /** @description Something that has happened. It says of what, and nothing more. */
        Event: {
            /**
             * @description call, a call was answered, or the reason for its refused signature was found; vaulting, one was begun or changed; notification, one was tried or is to be sent again; clock, the clock was moved; reset, everything was forgotten; missed, what happened before is not known any more.
             * @enum {string}
             */
            kind: "call" | "vaulting" | "notification" | "clock" | "reset" | "missed";
            /**
             * @description The number of the exchange or of the notification.
             * @example 42
             */
            sequence?: number;
            /**
             * @description The client, as far as one was named. Not with clock, reset and missed.
             * @example SANDBOX_5X00000000000000
             */
            clientId?: string;
            /**
             * @description The vaulting, as far as one was named. Not with clock, reset and missed.
             * @example 123456789206
             */
            vaultingRequestId?: string;
        };
        /**
         * @description The ID of a client, as it stands in the header Client-Id. 1 to 128 printable ASCII characters, no blanks.
         * @example SANDBOX_5X00000000000000
         */
        ClientId: string;
        /**
         * @description The state of a vaulting. SUCCESS and FAIL are final.
         * @enum {string}
         */
        VaultingStatus: "SUCCESS" | "FAIL" | "PROCESSING";
        /**
         * @description The merchant's ID of this vaulting and the idempotency key: a retry with the same ID returns the first final result again. 1 to 64 characters (Unicode code points) of any script, including spaces and punctuation but no control characters. IDs are compared exactly. vaultPaymentMethod and createVaultingSession share one namespace of IDs.
         * @example 123456789206
         */
        VaultingRequestId: string;
        /**
         * @description PENDING, a first or further attempt is due; ACKNOWLEDGED, the merchant has answered as documented; EXHAUSTED, the last attempt of the schedule has failed.
         * @enum {string}
         */
        NotificationState: "PENDING" | "ACKNOWLEDGED" | "EXHAUSTED";
        /** @description One attempt to deliver a notification. */
        Attempt: {
            /**
             * @description 1 for the first attempt. It counts on when the notification is sent again.
             * @example 1
             */
            number: number;
            /**
             * Format: date-time
             * @description When it was begun, on the sandbox's clock.
             * @example 2026-03-01T09:00:40.300Z
             */
            at: string;
            /**
             * @description How long it took, in milliseconds of the machine's clock.
             * @example 12.5
             */
            durationMs: number;
            /**
             * @description What came of it. NOT_ACKNOWLEDGED, HTTP 200 without the documented body; UNEXPECTED_HTTP_STATUS, another status; ADDRESS_BLOCKED, an address that the sandbox does not call. Anything but ACKNOWLEDGED is tried again.
             * @enum {string}
             */
            outcome: "ACKNOWLEDGED" | "NOT_ACKNOWLEDGED" | "UNEXPECTED_HTTP_STATUS" | "ADDRESS_BLOCKED" | "HOST_NOT_FOUND" | "CONNECTION_FAILED" | "TLS_FAILED" | "TIMEOUT" | "RESPONSE_TOO_LARGE";
            /**
             * @description The HTTP status of the merchant's answer. Absent where none came.
             * @example 200
             */
            httpStatus?: number;
            /**
             * @description What was wrong, in a sentence, and what to look at.
             * @example The answer has no result.
             */
            detail?: string;
        };
        /** @description A notifyVaulting that the merchant gets until it acknowledges. */
        Notification: {
            /**
             * @description The number of the notification; later ones have greater numbers.
             * @example 7
             */
            sequence: number;
            /** @description The client that is notified. */
            clientId: components["schemas"]["ClientId"];
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description Where it is sent.
             * @example http://127.0.0.1:8080/notify
             */
            url: string;
            state: components["schemas"]["NotificationState"];
            /** @description Every attempt so far, the first one first. */
            attempts: components["schemas"]["Attempt"][];
            /**
             * Format: date-time
             * @description When the next attempt is due, on the sandbox's clock. Only with PENDING.
             * @example 2026-03-01T09:02:40.250Z
             */
            dueAt?: string;
            /** @description The body that is sent. It holds no card data but the masked number. */
            body: string;
        };
        /** @description A vaulting as the sandbox has it. No card number, CVV or expiry is stored. */
        Vaulting: {
            /**
             * @description The number of the vaulting; later ones have greater numbers.
             * @example 100
             */
            sequence: number;
            /** @description The client whose vaulting it is. */
            clientId: components["schemas"]["ClientId"];
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The operation that started it.
             * @enum {string}
             */
            origin: "vaultPaymentMethod" | "createVaultingSession";
            status: components["schemas"]["VaultingStatus"];
            /**
             * @description SUCCESS, or why it failed. Absent while it is in process.
             * @example SUCCESS
             */
            resultCode?: string;
            /**
             * @description The card's brand. Absent where no card has been given yet.
             * @example VISA
             */
            brand?: string;
            /**
             * @description The card number with all but its last four digits masked.
             * @example ************4622
             */
            maskedCardNo?: string;
            /**
             * @description The token that pays with the card. Only with SUCCESS.
             * @example ALIPAY0123456789abcdefghijklmnopqrstuvwxyz
             */
            cardToken?: string;
            /**
             * @description The page that the buyer has to open. Only while it is in process.
             * @example http://127.0.0.1:4010/challenge/Zm9vYmFyYmF6cXV4
             */
            normalUrl?: string;
            /**
             * Format: date-time
             * @description When it was started, on the sandbox's clock.
             * @example 2026-03-01T09:00:01.500Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it became final, on the sandbox's clock. Absent while it is in process.
             * @example 2026-03-01T09:00:40.250Z
             */
            finishedAt?: string;
            /**
             * Format: date-time
             * @description When it fails unless the buyer is done before, on the sandbox's clock. Only while it is in process.
             * @example 2026-03-01T09:15:01.500Z
             */
            expiresAt?: string;
            /** @description The notifications of its result. Only where a single vaulting is shown. */
            notifications?: components["schemas"]["Notification"][];
        };
        /** @description A page of vaultings. */
        VaultingList: {
            /** @description The vaultings, newest first, without their notifications. */
            vaultings: components["schemas"]["Vaulting"][];
        };
        /**
         * @description How a pending challenge ends.
         * @example {
         *       "result": "passed"
         *     }
         */
        ChallengeRequest: {
            /**
             * @description passed, the buyer has proved to be the cardholder; failed, the buyer could not; rejected, the issuer declined; unavailable, the issuer could not be reached; abandoned, the buyer went away; cancelled, the buyer pressed Cancel. Only passed vaults the card.
             * @enum {string}
             */
            result: "passed" | "failed" | "rejected" | "unavailable" | "abandoned" | "cancelled";
        };
        /** @description The notifications that were asked for. */
        NotificationList: {
            /** @description The notifications, newest first. */
            notifications: components["schemas"]["Notification"][];
        };
        /**
         * @description How to move the clock. Exactly one of its properties.
         * @example {
         *       "advanceMs": 130000
         *     }
         */
        ClockRequest: {
            /**
             * @description How many milliseconds to move it forward, at most 366 days.
             * @example 130000
             */
            advanceMs?: number;
            /**
             * Format: date-time
             * @description The time to set it to, in the years 2020 to 2099. Fractions of a millisecond are dropped.
             * @example 2026-03-01T09:00:00Z
             */
            now?: string;
            /**
             * @description Back to the machine's time.
             * @constant
             */
            reset?: true;
        };
        /**
         * @description A result code of the Vault API.
         * @example RISK_REJECT
         */
        ResultCode: string;
        /** @description A fixed answer to an operation, for some time. */
        Scenario: {
            /** @description The operation that is answered so. */
            operation: components["schemas"]["OperationId"];
            /** @description The result code that it is answered with. */
            resultCode: components["schemas"]["ResultCode"];
            /** @description The client that is answered so. All clients, where it is absent. */
            clientId?: components["schemas"]["ClientId"];
            /**
             * Format: date-time
             * @description When it ends, on the sandbox's clock.
             * @example 2026-03-01T09:30:00.000Z
             */
            until: string;
        };
        /** @description The scenarios that are on. */
        ScenarioList: {
            /** @description The scenarios. */
            scenarios: components["schemas"]["Scenario"][];
        };
        /**
         * @description Which operation to answer with which result code, and how long.
         * @example {
         *       "operation": "vaultPaymentMethod",
         *       "resultCode": "RISK_REJECT",
         *       "minutes": 30
         *     }
         */
        ScenarioRequest: {
            /** @description The operation to answer so. */
            operation: components["schemas"]["OperationId"];
            /** @description The result code to answer with; one that the document has for the operation. */
            resultCode: components["schemas"]["ResultCode"];
            /**
             * @description For how many minutes, on the sandbox's clock.
             * @default 30
             * @example 30
             */
            minutes?: number;
            /** @description Only calls of this client. Those of all, where it is absent. */
            clientId?: components["schemas"]["ClientId"];
        };
        /** @description A fault that is still to come. */
        Fault: {
            fault: components["schemas"]["FaultKind"];
            /** @description The operation that it befalls. Any, where it is absent. */
            operation?: components["schemas"]["OperationId"];
            /**
             * @description How often it was to come in all.
             * @example 3
             */
            times: number;
            /**
             * @description How late, in milliseconds. Only with response-delayed and notification-delayed.
             * @example 2500
             */
            ms?: number;
            /** @description The client that it befalls. Any, where it is absent. */
            clientId?: components["schemas"]["ClientId"];
            /**
             * @description How often it is still to come.
             * @example 2
             */
            remaining: number;
        };
        /** @description The faults that are still to come. */
        FaultList: {
            /** @description The faults, in the order in which they were injected. */
            faults: components["schemas"]["Fault"][];
        };
        /**
         * @description Which fault to inject, and where.
         * @example {
         *       "fault": "response-delayed",
         *       "operation": "inquireVaulting",
         *       "ms": 2500,
         *       "times": 3
         *     }
         */
        FaultRequest: {
            fault: components["schemas"]["FaultKind"];
            /** @description Only calls of this operation; for a fault of a notification, only vaultings that this operation started. Any, where it is absent. */
            operation?: components["schemas"]["OperationId"];
            /**
             * @description How often it is to come.
             * @default 1
             * @example 3
             */
            times?: number;
            /**
             * @description How late, in milliseconds. Read by response-delayed and notification-delayed alone; 1000 for them where it is absent.
             * @example 2500
             */
            ms?: number;
            /** @description Only calls or notifications of this client. Those of any, where it is absent. */
            clientId?: components["schemas"]["ClientId"];
        };
        /** @description A published test number. No card of anybody's. */
        TestCard: {
            /**
             * @description The card number. It passes the Luhn check.
             * @example 5162774114974622
             */
            number: string;
            /**
             * @description The brand, as answers give it.
             * @example MASTERCARD
             */
            brand: string;
            /**
             * @description What the number is for, in a few words.
             * @example is vaulted
             */
            purpose: string;
            /**
             * @description Who has published the number, the vendor or this project.
             * @example antom
             */
            publishedBy: string;
            /**
             * @description What vaulting it ends in. SUCCESS, or the code of the failure.
             * @example SUCCESS
             */
            result: string;
            /**
             * @description How its challenge goes, where that does not depend on the request and the buyer alone.
             * @example abandoned
             */
            challenge?: string;
            /**
             * @description The issuing country, where the number was published for one. ISO 3166-1 alpha-2.
             * @example BR
             */
            country?: string;
        };
        /** @description The test cards, and what passes their challenge. */
        CardList: {
            /**
             * @description The one-time code that passes a challenge.
             * @example 123456
             */
            oneTimeCode: string;
            /** @description The test cards. */
            cards: components["schemas"]["TestCard"][];
        };
        /** @description A merchant that may call the Vault API. */
        Client: {
            clientId: components["schemas"]["ClientId"];
            /**
             * Format: date-time
             * @description When it was added, by the machine's clock.
             * @example 2026-03-01T09:00:00.000Z
             */
            createdAt: string;
        };
        /** @description The clients that may call. */
        ClientList: {
            /** @description The clients, the first one first. */
            clients: components["schemas"]["Client"][];
        };
        /**
         * @description The client to add.
         * @example {
         *       "clientId": "SANDBOX_SECOND"
         *     }
         */
        ClientRequest: {
            /** @description Its ID. One is made up where it is absent. */
            clientId?: components["schemas"]["ClientId"];
        };
        /** @description What a merchant needs to call. The same as a credentials file. */
        Credentials: {
            /**
             * @description The address before the path of an operation.
             * @example http://127.0.0.1:4010
             */
            baseUrl: string;
            /** @description The client's ID. */
            clientId: components["schemas"]["ClientId"];
            /** @description The key that the merchant signs with, PKCS#8 as PEM. Shown this once, and kept nowhere. */
            merchantPrivateKey: string;
            /** @description The key that answers and notifications are verified with, SPKI as PEM. The newest, where there are several. */
            antomPublicKey: string;
        };
        /** @description A public key of the gateway. */
        GatewayKey: {
            /**
             * @description The version that the Signature header names, counted from 1.
             * @example 2
             */
            keyVersion: number;
            /** @description The key that what carries this version is verified with, SPKI as PEM. */
            antomPublicKey: string;
            /**
             * Format: date-time
             * @description When the key was made, by the machine's clock.
             * @example 2026-03-01T09:00:00.000Z
             */
            since: string;
            /**
             * @description Whether it belongs to the key that the gateway signs with now. Of all keys, the newest does.
             * @example true
             */
            signs: boolean;
        };
        /** @description The public keys that the gateway publishes. */
        GatewayKeyList: {
            /** @description The keys, the newest last. There is at least one. */
            keys: components["schemas"]["GatewayKey"][];
        };
    };
    responses: {
        /** @description The clock. */
        Clock: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Clock"];
            };
        };
        /** @description The vaulting, with its notifications. */
        Vaulting: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Vaulting"];
            };
        };
        /** @description BAD_REQUEST. A parameter or the body is not as described here; `issues` says where. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "BAD_REQUEST",
                 *         "message": "The body breaks the rules of ScenarioRequest.",
                 *         "issues": [
                 *           {
                 *             "pointer": "/minuts",
                 *             "rule": "additionalProperties",
                 *             "message": "is not in the document"
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description TOKEN_REQUIRED. The token is missing or wrong. */
        Unauthorized: {
            headers: {
                /** @description How to send the token. */
                "WWW-Authenticate"?: "Bearer";
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "TOKEN_REQUIRED",
                 *         "message": "Send the token that the sandbox was started with in the header Authorization: Bearer."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description ORIGIN_NOT_ALLOWED. The call comes from a page of another origin in a browser. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "ORIGIN_NOT_ALLOWED",
                 *         "message": "Pages of other origins may not call the control API."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description NOT_FOUND. There is no such thing, or no such path. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "NOT_FOUND",
                 *         "message": "This client has no vaulting with this vaultingRequestId."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description CONFLICT. The state does not allow it. No challenge is pending, the client exists already, or the data folder cannot keep a new key. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "CONFLICT",
                 *         "message": "No challenge of this vaulting is pending."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description UNSUPPORTED_MEDIA_TYPE. The body is not sent as application/json. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "UNSUPPORTED_MEDIA_TYPE",
                 *         "message": "Send the body as application/json."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Any other refusal, in the same form, for instance 405 METHOD_NOT_ALLOWED. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "METHOD_NOT_ALLOWED",
                 *         "message": "This path answers to GET and POST only."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: {
        /**
         * @description At most so many.
         * @example 10
         */
        Limit: number;
        /**
         * @description Only those of this client. Those of all, where it is absent.
         * @example SANDBOX_5X00000000000000
         */
        OfClient: components["schemas"]["ClientId"];
        /**
         * @description The client whose vaulting it is. The first client, where it is absent.
         * @example SANDBOX_5X00000000000000
         */
        ClientOfVaulting: components["schemas"]["ClientId"];
        /**
         * @description The merchant's ID of the vaulting, percent-encoded.
         * @example 123456789206
         */
        VaultingRequestIdInPath: components["schemas"]["VaultingRequestId"];
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of the sandbox and of its delivery of notifications. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    listCalls: {
        parameters: {
            query?: {
                /**
                 * @description At most so many.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Only exchanges with a greater sequence.
                 * @example 41
                 */
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The exchanges. Without `after`, the newest ones. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    followEvents: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `id` of the last event that was seen. A browser sends it by itself.
                 * @example mab3k9x2-41
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. It has no end while both sides are there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: mab3k9x2-42
                     *     event: call
                     *     data: {"kind":"call","sequence":42,"clientId":"SANDBOX_5X00000000000000","vaultingRequestId":"123456789206"}
                     */
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description TOO_MANY_SUBSCRIBERS. 50 follow the events already. Come back later. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "TOO_MANY_SUBSCRIBERS",
                     *         "message": "50 follow the events already."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listVaultings: {
        parameters: {
            query?: {
                /**
                 * @description Only those of this client. Those of all, where it is absent.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["OfClient"];
                /**
                 * @description Only vaultings in this state.
                 * @example PROCESSING
                 */
                status?: components["schemas"]["VaultingStatus"];
                /**
                 * @description At most so many.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Only vaultings with a smaller sequence.
                 * @example 101
                 */
                before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The vaultings, without their notifications. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VaultingList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    getVaulting: {
        parameters: {
            query?: {
                /**
                 * @description The client whose vaulting it is. The first client, where it is absent.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["ClientOfVaulting"];
            };
            header?: never;
            path: {
                /**
                 * @description The merchant's ID of the vaulting, percent-encoded.
                 * @example 123456789206
                 */
                vaultingRequestId: components["parameters"]["VaultingRequestIdInPath"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Vaulting"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    completeChallenge: {
        parameters: {
            query?: {
                /**
                 * @description The client whose vaulting it is. The first client, where it is absent.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["ClientOfVaulting"];
            };
            header?: never;
            path: {
                /**
                 * @description The merchant's ID of the vaulting, percent-encoded.
                 * @example 123456789206
                 */
                vaultingRequestId: components["parameters"]["VaultingRequestIdInPath"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChallengeRequest"];
            };
        };
        responses: {
            200: components["responses"]["Vaulting"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /**
                 * @description Only notifications in this state.
                 * @example EXHAUSTED
                 */
                state?: components["schemas"]["NotificationState"];
                /**
                 * @description Only those of this client. Those of all, where it is absent.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["OfClient"];
                /**
                 * @description At most so many.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notifications. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    resendNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The sequence of the notification.
                 * @example 7
                 */
                sequence: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notification, pending again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Refused"];
        };
    };
    getClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Clock"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    moveClock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClockRequest"];
            };
        };
        responses: {
            200: components["responses"]["Clock"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listScenarios: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The scenarios whose time has not run out. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScenarioList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    startScenario: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScenarioRequest"];
            };
        };
        responses: {
            /** @description The scenario that is on now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scenario"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    endScenarios: {
        parameters: {
            query?: {
                /**
                 * @description Only those of this operation. All, where it is absent.
                 * @example vaultPaymentMethod
                 */
                operation?: components["schemas"]["OperationId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. So it is where there were none. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    listFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The faults that have not been used up, in the order in which they were injected. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    injectFault: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaultRequest"];
            };
        };
        responses: {
            /** @description The fault, with how often it is still to come. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    clearFaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No fault is left. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    listCards: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The test cards, and the one-time code that passes a challenge. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    listClients: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The clients that may call the Vault API, in the order in which they were added. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    addClient: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientRequest"];
            };
        };
        responses: {
            /** @description The client's credentials. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credentials"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Refused"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The public keys, the newest last. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayKeyList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Refused"];
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The public half of the new key, which signs now. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayKey"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            default: components["responses"]["Refused"];
        };
    };
}
