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
         * Get the health of the sandbox
         * @description Always returns status 200. Read `status` for the health.
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
         * List API calls
         * @description Lists calls to the Vault API, oldest first. The log has a limited size and drops the oldest calls. To poll for new calls, set `after` to the sequence of the last call that you received.
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
         * Stream events
         * @description Streams the events of this sandbox process as server-sent events. Events contain only kinds and IDs: use the other operations to get the data.
         *
         *     The `event` field is the kind of the event, and `data` is an `Event` as JSON. Only events of kind `call` have an `id`. A client that
         *     reconnects and sends the last `id` as `Last-Event-ID` receives the calls that it missed. If the log no longer contains all of them, or if the ID
         *     comes from a different process, the stream starts with an event of kind `missed`: reload what you display. Changes to vaultings and
         *     notifications are not sent again. The stream sends a comment every 15 seconds, so that clients can detect a broken connection.
         *
         *     If several sandboxes share a database, each one streams only its own events. The sandbox ends the stream when it stops.
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
         * List vaultings
         * @description Lists vaultings, newest first. To get the next page, set `before` to the sequence of the last vaulting.
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
                 * @description The client that the vaulting belongs to. Default: the first client.
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
        /** Get a vaulting with its notifications */
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
                 * @description The client that the vaulting belongs to. Default: the first client.
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
         * Complete a pending challenge
         * @description Completes a challenge with the given result, without the challenge page. The vaulting becomes final, and the merchant is notified as usual.
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
         * List notifications
         * @description Lists notifications with all of their delivery attempts, newest first. Exhausted notifications are kept and can be resent.
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
         * Resend a notification
         * @description Restarts the retry schedule of the notification immediately, regardless of its state. The body stays the same, byte for byte.
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
        /** Get the sandbox clock */
        get: operations["getClock"];
        put?: never;
        /**
         * Move the clock
         * @description Advances, sets, or resets the clock. It continues to run from the new time. Everything that becomes due runs immediately: challenges expire, and notifications are sent.
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
        /** List active scenarios */
        get: operations["listScenarios"];
        put?: never;
        /**
         * Return a fixed result code for an operation
         * @description Starts a scenario, as the error scenarios in Antom's dashboard do: every call of the operation returns the result code until the scenario ends. An operation has at most one scenario per client: a new one replaces it. The result code must be one that the operation can return.
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
        /** List remaining faults */
        get: operations["listFaults"];
        put?: never;
        /** Inject a fault into the next calls or notifications */
        post: operations["injectFault"];
        /** Clear all faults */
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
         * Reset the sandbox
         * @description Deletes all vaultings, notifications, API calls, scenarios, and faults, and resets the clock. Clients and keys are kept.
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
         * List test cards
         * @description Lists the published test card numbers and their results. Any other number that passes the Luhn check is vaulted.
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
        /** List clients */
        get: operations["listClients"];
        put?: never;
        /**
         * Add a client
         * @description Creates a client with its own keys, and returns its credentials. The sandbox does not store the private key: save it now.
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
         * List the gateway's public keys
         * @description Lists every key that the gateway has ever signed with. Older keys stay listed, so that you can verify messages signed before a rotation.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Rotate the gateway's signing key
         * @description Creates the gateway's next signing key. All new responses and notifications, including retries of older notifications, are signed with it and carry its version. Responses to known IDs keep their bodies. If the sandbox has a data directory, it stores the key there and updates the public key in credentials.json. If several sandboxes share a database, only this one uses the key. The request has no body.
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
        /** @description An invalid value. */
        ValidationIssue: {
            /**
             * @description The location of the value: a JSON Pointer into the body or, for a parameter, a slash and the parameter's name.
             * @example /minuts
             */
            pointer: string;
            /**
             * @description The JSON Schema keyword that the value violates.
             * @example additionalProperties
             */
            rule: string;
            /**
             * @description A description of what the rule requires. Never contains the value.
             * @example is not in the OpenAPI document
             */
            message: string;
        };
        /** @description An error response. */
        ErrorResponse: {
            /** @description The error. */
            error: {
                /**
                 * @description A stable error code. One of BAD_REQUEST, TOKEN_REQUIRED, ORIGIN_NOT_ALLOWED, NOT_FOUND, METHOD_NOT_ALLOWED, CONFLICT, UNSUPPORTED_MEDIA_TYPE, and TOO_MANY_SUBSCRIBERS. New codes may be added.
                 * @example BAD_REQUEST
                 */
                code: string;
                /**
                 * @description A human-readable message that says what happened and what to do.
                 * @example The body is invalid: /minuts is not in the OpenAPI document.
                 */
                message: string;
                /** @description The invalid values. Only with BAD_REQUEST. */
                issues?: components["schemas"]["ValidationIssue"][];
            };
        };
        /** @description The sandbox clock. */
        Clock: {
            /**
             * Format: date-time
             * @description The current time of the sandbox.
             * @example 2026-03-01T09:02:10.000Z
             */
            now: string;
            /**
             * @description The offset from the system clock in milliseconds. Negative if the sandbox clock is behind.
             * @example 130000
             */
            offsetMs: number;
        };
        /** @description The notification delivery loop. */
        Delivery: {
            /** @description Whether the loop is running in this process. */
            running: boolean;
            /**
             * Format: date-time
             * @description When the loop last checked for due notifications, in system time. Absent before the first check.
             * @example 2026-03-01T09:00:05.120Z
             */
            lastRunAt?: string;
            /**
             * @description The number of notifications that will be sent now or later.
             * @example 1
             */
            pending: number;
            /**
             * @description The number of delivery attempts that this process is making now.
             * @example 0
             */
            inFlight: number;
        };
        /** @description The health of the sandbox. */
        Health: {
            /**
             * @description ok, or degraded if the sandbox serves API calls but another part, such as notification delivery, has stopped.
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
             * @description When the process started, in system time.
             * @example 2026-03-01T09:00:00.000Z
             */
            startedAt: string;
            /**
             * @description The database that stores the state.
             * @enum {string}
             */
            engine: "sqlite" | "postgresql";
            /** @description The sandbox clock. */
            clock: components["schemas"]["Clock"];
            /** @description The notification delivery loop. */
            delivery: components["schemas"]["Delivery"];
            /**
             * @description The number of stored vaultings of all clients.
             * @example 3
             */
            vaultings: number;
            /**
             * @description The base URL that a client needs, without the path of an operation.
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
         * @description The kind of fault. response-delayed: the response is late. request-dropped, response-dropped: the connection is dropped before or after the request is processed. response-truncated: the response body is cut off. response-unsigned, response-invalid-signature: the response has no signature or an invalid one. error-unsigned: a response with result status F or U has neither signature nor response-time; other responses do not use up the fault. notification-*: the notification is delivered twice, out of order, late, with an invalid signature, or without a signature.
         * @enum {string}
         */
        FaultKind: "response-delayed" | "request-dropped" | "response-dropped" | "response-truncated" | "response-unsigned" | "response-invalid-signature" | "error-unsigned" | "notification-duplicated" | "notification-out-of-order" | "notification-delayed" | "notification-invalid-signature" | "notification-unsigned";
        /** @description A call to the Vault API, with its response. */
        ApiCall: {
            /**
             * @description The number of the call. Later calls have greater numbers.
             * @example 42
             */
            sequence: number;
            /**
             * Format: date-time
             * @description When the request was received, on the sandbox clock.
             * @example 2026-03-01T09:00:01.500Z
             */
            at: string;
            /** @description The operation. Absent if the path does not belong to an operation. */
            operation?: components["schemas"]["OperationId"];
            /**
             * @description The request path, without the query.
             * @example /ams/api/v1/vaults/vaultPaymentMethod
             */
            path: string;
            /**
             * @description The client ID of the request, whether or not that client exists. Absent if the request has none.
             * @example SANDBOX_5X00000000000000
             */
            clientId?: string;
            /**
             * @description The Request-Time header, which the signature covers. Absent if it is not a time. The string to sign is `POST <path with query>`, a line feed, `<clientId>.<requestTime>.`, and the bytes of the body.
             * @example 2026-03-01T09:00:01Z
             */
            requestTime?: string;
            /**
             * @description The vaultingRequestId of the request. Absent if it could not be read.
             * @example 123456789206
             */
            vaultingRequestId?: string;
            /**
             * @description The result code of the response. Absent if the connection was dropped without a response.
             * @example SUCCESS
             */
            resultCode?: string;
            /**
             * @description The result status of the response: S for success, F for failure, U for unknown. Absent if there is no resultCode.
             * @enum {string}
             */
            resultStatus?: "S" | "F" | "U";
            /**
             * @description The time from the end of the request to the end of the response, in milliseconds.
             * @example 3.2
             */
            durationMs: number;
            /** @description The request body, with card data masked. Empty if the body is not a JSON object or array. */
            request: string;
            /** @description The response body, with card data masked. Empty if there was no response. */
            response: string;
            /** @description Whether the response was signed. */
            signed: boolean;
            /**
             * @description The reason for rejecting the request's signature. After it responds, the sandbox diagnoses a few invalid signatures per second. Until then, or if no common cause matches, the note says only that the signature is invalid.
             * @example The signature matches the body without its line feeds. Sign the exact bytes that you send.
             */
            note?: string;
            /** @description The fault that was injected into the call. */
            fault?: components["schemas"]["FaultKind"];
            /**
             * @description The result code of the scenario that produced the response.
             * @example RISK_REJECT
             */
            scenario?: string;
        };
        /** @description A page of API calls. */
        CallList: {
            /** @description The calls, oldest first. */
            calls: components["schemas"]["ApiCall"][];
        };
        /** @description An event. It contains only the kind and the IDs of what changed. */
        Event: {
            /**
             * @description call: a call was completed, or the cause of its invalid signature was found. vaulting: a vaulting was created or changed. notification: a delivery was attempted, or a resend was requested. clock: the clock was moved. reset: the sandbox was reset. missed: earlier events are no longer available.
             * @enum {string}
             */
            kind: "call" | "vaulting" | "notification" | "clock" | "reset" | "missed";
            /**
             * @description The number of the call or the notification.
             * @example 42
             */
            sequence?: number;
            /**
             * @description The client, if known. Absent with clock, reset, and missed.
             * @example SANDBOX_5X00000000000000
             */
            clientId?: string;
            /**
             * @description The vaulting, if known. Absent with clock, reset, and missed.
             * @example 123456789206
             */
            vaultingRequestId?: string;
        };
        /**
         * @description The client ID, as in the Client-Id header. 1 to 128 printable ASCII characters without spaces.
         * @example SANDBOX_5X00000000000000
         */
        ClientId: string;
        /**
         * @description The status of a vaulting. SUCCESS and FAIL are final.
         * @enum {string}
         */
        VaultingStatus: "SUCCESS" | "FAIL" | "PROCESSING";
        /**
         * @description The merchant's ID of this vaulting and the idempotency key: a retry with the same ID returns the first final result again. 1 to 64 characters (Unicode code points) of any script, including spaces and punctuation but no control characters. IDs are compared exactly. vaultPaymentMethod and createVaultingSession share one namespace of IDs.
         * @example 123456789206
         */
        VaultingRequestId: string;
        /**
         * @description PENDING: a delivery attempt is due or scheduled. ACKNOWLEDGED: the merchant returned the documented acknowledgement. EXHAUSTED: the last attempt of the schedule failed.
         * @enum {string}
         */
        NotificationState: "PENDING" | "ACKNOWLEDGED" | "EXHAUSTED";
        /** @description An attempt to deliver a notification. */
        Attempt: {
            /**
             * @description The number of the attempt, starting at 1. Numbers continue when the notification is resent.
             * @example 1
             */
            number: number;
            /**
             * Format: date-time
             * @description When the attempt started, on the sandbox clock.
             * @example 2026-03-01T09:00:40.300Z
             */
            at: string;
            /**
             * @description The duration in milliseconds of system time.
             * @example 12.5
             */
            durationMs: number;
            /**
             * @description The outcome of the attempt. NOT_ACKNOWLEDGED: HTTP 200 without the documented body. UNEXPECTED_HTTP_STATUS: a status other than 200. ADDRESS_BLOCKED: an address that the sandbox does not call. Every outcome except ACKNOWLEDGED is retried.
             * @enum {string}
             */
            outcome: "ACKNOWLEDGED" | "NOT_ACKNOWLEDGED" | "UNEXPECTED_HTTP_STATUS" | "ADDRESS_BLOCKED" | "HOST_NOT_FOUND" | "CONNECTION_FAILED" | "TLS_FAILED" | "TIMEOUT" | "RESPONSE_TOO_LARGE";
            /**
             * @description The HTTP status of the merchant's response. Absent if there was no response.
             * @example 200
             */
            httpStatus?: number;
            /**
             * @description A message that says what went wrong and what to check.
             * @example The response has no result.
             */
            detail?: string;
        };
        /** @description A notifyVaulting request, which is retried until the merchant acknowledges it. */
        Notification: {
            /**
             * @description The number of the notification. Later notifications have greater numbers.
             * @example 7
             */
            sequence: number;
            /** @description The client that is notified. */
            clientId: components["schemas"]["ClientId"];
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The URL that the notification is sent to.
             * @example http://127.0.0.1:8080/notify
             */
            url: string;
            state: components["schemas"]["NotificationState"];
            /** @description All attempts so far, oldest first. */
            attempts: components["schemas"]["Attempt"][];
            /**
             * Format: date-time
             * @description When the next attempt is due, on the sandbox clock. Only with PENDING.
             * @example 2026-03-01T09:02:40.250Z
             */
            dueAt?: string;
            /** @description The body of the notification. The only card data in it is the masked number. */
            body: string;
        };
        /** @description A vaulting as the sandbox stores it, without the card number, CVV, and expiry date. */
        Vaulting: {
            /**
             * @description The number of the vaulting. Later vaultings have greater numbers.
             * @example 100
             */
            sequence: number;
            /** @description The client that the vaulting belongs to. */
            clientId: components["schemas"]["ClientId"];
            vaultingRequestId: components["schemas"]["VaultingRequestId"];
            /**
             * @description The operation that created the vaulting.
             * @enum {string}
             */
            origin: "vaultPaymentMethod" | "createVaultingSession";
            status: components["schemas"]["VaultingStatus"];
            /**
             * @description SUCCESS, or the code of the failure. Absent while the vaulting is processing.
             * @example SUCCESS
             */
            resultCode?: string;
            /**
             * @description The card brand. Absent until the buyer has entered a card.
             * @example VISA
             */
            brand?: string;
            /**
             * @description The card number, masked except for the last 4 digits.
             * @example ************4622
             */
            maskedCardNo?: string;
            /**
             * @description The card token, used for payments. Only with SUCCESS.
             * @example ALIPAY0123456789abcdefghijklmnopqrstuvwxyz
             */
            cardToken?: string;
            /**
             * @description The page that the buyer must open. Only while the vaulting is processing.
             * @example http://127.0.0.1:4010/challenge/Zm9vYmFyYmF6cXV4
             */
            normalUrl?: string;
            /**
             * Format: date-time
             * @description When the vaulting was created, on the sandbox clock.
             * @example 2026-03-01T09:00:01.500Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the vaulting became final, on the sandbox clock. Absent while it is processing.
             * @example 2026-03-01T09:00:40.250Z
             */
            finishedAt?: string;
            /**
             * Format: date-time
             * @description The time on the sandbox clock at which the vaulting fails if the buyer has not finished. Only while it is processing.
             * @example 2026-03-01T09:15:01.500Z
             */
            expiresAt?: string;
            /** @description The notifications of the result. Only in the response for a single vaulting. */
            notifications?: components["schemas"]["Notification"][];
        };
        /** @description A page of vaultings. */
        VaultingList: {
            /** @description The vaultings, newest first, without their notifications. */
            vaultings: components["schemas"]["Vaulting"][];
        };
        /**
         * @description The result of a pending challenge.
         * @example {
         *       "result": "passed"
         *     }
         */
        ChallengeRequest: {
            /**
             * @description passed: the buyer was authenticated. failed: the buyer was not authenticated. rejected: the issuer rejected the authentication. unavailable: the issuer could not be reached. abandoned: the buyer left the page. cancelled: the buyer selected Cancel. The card is vaulted only if the result is passed.
             * @enum {string}
             */
            result: "passed" | "failed" | "rejected" | "unavailable" | "abandoned" | "cancelled";
        };
        /** @description A page of notifications. */
        NotificationList: {
            /** @description The notifications, newest first. */
            notifications: components["schemas"]["Notification"][];
        };
        /**
         * @description The movement of the clock. Set exactly one property.
         * @example {
         *       "advanceMs": 130000
         *     }
         */
        ClockRequest: {
            /**
             * @description The number of milliseconds to advance the clock, up to 366 days.
             * @example 130000
             */
            advanceMs?: number;
            /**
             * Format: date-time
             * @description The time to set, from 2020 to 2099. Fractions of a millisecond are dropped.
             * @example 2026-03-01T09:00:00Z
             */
            now?: string;
            /**
             * @description Resets the clock to the system time.
             * @constant
             */
            reset?: true;
        };
        /**
         * @description A result code of the Vault API.
         * @example RISK_REJECT
         */
        ResultCode: string;
        /** @description A fixed result code that an operation returns for a limited time. */
        Scenario: {
            /** @description The operation that returns the result code. */
            operation: components["schemas"]["OperationId"];
            /** @description The result code that the operation returns. */
            resultCode: components["schemas"]["ResultCode"];
            /** @description The client that the scenario applies to. Absent if it applies to all clients. */
            clientId?: components["schemas"]["ClientId"];
            /**
             * Format: date-time
             * @description When the scenario ends, on the sandbox clock.
             * @example 2026-03-01T09:30:00.000Z
             */
            until: string;
        };
        /** @description The active scenarios. */
        ScenarioList: {
            /** @description The scenarios. */
            scenarios: components["schemas"]["Scenario"][];
        };
        /**
         * @description The operation, the result code that it returns, and for how long.
         * @example {
         *       "operation": "vaultPaymentMethod",
         *       "resultCode": "RISK_REJECT",
         *       "minutes": 30
         *     }
         */
        ScenarioRequest: {
            /** @description The operation that returns the result code. */
            operation: components["schemas"]["OperationId"];
            /** @description The result code to return. It must be documented for the operation. */
            resultCode: components["schemas"]["ResultCode"];
            /**
             * @description The duration in minutes on the sandbox clock.
             * @default 30
             * @example 30
             */
            minutes?: number;
            /** @description Applies the scenario only to calls of this client. Default: all clients. */
            clientId?: components["schemas"]["ClientId"];
        };
        /** @description A fault that has not been used up. */
        Fault: {
            fault: components["schemas"]["FaultKind"];
            /** @description The operation that the fault applies to. Absent if it applies to any operation. */
            operation?: components["schemas"]["OperationId"];
            /**
             * @description The total number of times that the fault occurs.
             * @example 3
             */
            times: number;
            /**
             * @description The delay in milliseconds. Only with response-delayed and notification-delayed.
             * @example 2500
             */
            ms?: number;
            /** @description The client that the fault applies to. Absent if it applies to any client. */
            clientId?: components["schemas"]["ClientId"];
            /**
             * @description The number of times that the fault will still occur.
             * @example 2
             */
            remaining: number;
        };
        /** @description The faults that have not been used up. */
        FaultList: {
            /** @description The faults, in the order in which they were injected. */
            faults: components["schemas"]["Fault"][];
        };
        /**
         * @description The fault to inject, and what it applies to.
         * @example {
         *       "fault": "response-delayed",
         *       "operation": "inquireVaulting",
         *       "ms": 2500,
         *       "times": 3
         *     }
         */
        FaultRequest: {
            fault: components["schemas"]["FaultKind"];
            /** @description Applies the fault only to calls of this operation or, for notification faults, to vaultings that this operation created. Default: any operation. */
            operation?: components["schemas"]["OperationId"];
            /**
             * @description The number of times that the fault occurs.
             * @default 1
             * @example 3
             */
            times?: number;
            /**
             * @description The delay in milliseconds. Only for response-delayed and notification-delayed. Default: 1000.
             * @example 2500
             */
            ms?: number;
            /** @description Applies the fault only to calls and notifications of this client. Default: any client. */
            clientId?: components["schemas"]["ClientId"];
        };
        /** @description A published test card number. It does not belong to a real card. */
        TestCard: {
            /**
             * @description The card number. It passes the Luhn check.
             * @example 5162774114974622
             */
            number: string;
            /**
             * @description The card brand, as in API responses.
             * @example MASTERCARD
             */
            brand: string;
            /**
             * @description A short description of what the number tests.
             * @example Vaulting succeeds.
             */
            purpose: string;
            /**
             * @description Who published the number: antom, or sandbox for a number that only this project defines.
             * @example antom
             */
            publishedBy: string;
            /**
             * @description The result of vaulting the card: SUCCESS, or the code of the failure.
             * @example SUCCESS
             */
            result: string;
            /**
             * @description The behavior of the challenge that this card always has. Absent if the request determines whether there is a challenge.
             * @example abandoned
             */
            challenge?: string;
            /**
             * @description The issuing country that the number was published for, as an ISO 3166-1 alpha-2 code.
             * @example BR
             */
            country?: string;
        };
        /** @description The test cards, and the one-time code for their challenges. */
        CardList: {
            /**
             * @description The one-time code that passes a challenge.
             * @example 123456
             */
            oneTimeCode: string;
            /** @description The test cards. */
            cards: components["schemas"]["TestCard"][];
        };
        /** @description A merchant's API client. */
        Client: {
            clientId: components["schemas"]["ClientId"];
            /**
             * Format: date-time
             * @description When the client was added, in system time.
             * @example 2026-03-01T09:00:00.000Z
             */
            createdAt: string;
        };
        /** @description A list of clients. */
        ClientList: {
            /** @description The clients, oldest first. */
            clients: components["schemas"]["Client"][];
        };
        /**
         * @description The client to add.
         * @example {
         *       "clientId": "SANDBOX_SECOND"
         *     }
         */
        ClientRequest: {
            /** @description The client ID. Generated if absent. */
            clientId?: components["schemas"]["ClientId"];
        };
        /** @description The credentials of a client, in the format of a credentials file. */
        Credentials: {
            /**
             * @description The base URL, without the path of an operation.
             * @example http://127.0.0.1:4010
             */
            baseUrl: string;
            /** @description The client ID. */
            clientId: components["schemas"]["ClientId"];
            /** @description The private key that the merchant signs with. PKCS#8 in PEM format. Returned only once. */
            merchantPrivateKey: string;
            /** @description The newest public key that verifies responses and notifications. SPKI in PEM format. */
            antomPublicKey: string;
        };
        /** @description A public key of the gateway. */
        GatewayKey: {
            /**
             * @description The version that the Signature header names, starting at 1.
             * @example 2
             */
            keyVersion: number;
            /** @description The public key that verifies messages with this key version. SPKI in PEM format. */
            antomPublicKey: string;
            /**
             * Format: date-time
             * @description The creation time of the key, on the system clock.
             * @example 2026-03-01T09:00:00.000Z
             */
            createdAt: string;
            /**
             * @description Whether the gateway signs with this key now. True only for the newest key.
             * @example true
             */
            signs: boolean;
        };
        /** @description The public keys of the gateway. */
        GatewayKeyList: {
            /** @description The keys, newest last. There is at least one. */
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
        /** @description BAD_REQUEST. A parameter or the body is invalid. `issues` lists each invalid value. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "BAD_REQUEST",
                 *         "message": "The body is invalid: /minuts is not in the OpenAPI document.",
                 *         "issues": [
                 *           {
                 *             "pointer": "/minuts",
                 *             "rule": "additionalProperties",
                 *             "message": "is not in the OpenAPI document"
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description TOKEN_REQUIRED. The control token is missing or invalid. */
        Unauthorized: {
            headers: {
                /** @description The authentication scheme to use. */
                "WWW-Authenticate"?: "Bearer";
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "TOKEN_REQUIRED",
                 *         "message": "The control token is missing or invalid. Send it in the Authorization header, as Bearer TOKEN."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description ORIGIN_NOT_ALLOWED. The request comes from a web page on a different origin. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "ORIGIN_NOT_ALLOWED",
                 *         "message": "Web pages from a different origin cannot use the control API."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description NOT_FOUND. The resource or the path does not exist. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "NOT_FOUND",
                 *         "message": "No such vaulting."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description CONFLICT. The current state does not allow the request: no challenge is pending, the client already exists, or the new key cannot be stored in the data directory. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "CONFLICT",
                 *         "message": "The vaulting has no pending challenge."
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
                 *         "message": "Unsupported media type: send the body with Content-Type: application/json."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Any other error, in the same format. For example, 405 METHOD_NOT_ALLOWED. */
        OtherError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "error": {
                 *         "code": "METHOD_NOT_ALLOWED",
                 *         "message": "This path does not support this method."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: {
        /**
         * @description The maximum number of results.
         * @example 10
         */
        Limit: number;
        /**
         * @description Returns only results for this client. Default: all clients.
         * @example SANDBOX_5X00000000000000
         */
        OfClient: components["schemas"]["ClientId"];
        /**
         * @description The client that the vaulting belongs to. Default: the first client.
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
            /** @description The health of the sandbox and of its notification delivery. */
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
            default: components["responses"]["OtherError"];
        };
    };
    listCalls: {
        parameters: {
            query?: {
                /**
                 * @description The maximum number of results.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Returns only calls with a greater sequence.
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
            /** @description The calls. Without `after`, the newest ones. */
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
            default: components["responses"]["OtherError"];
        };
    };
    followEvents: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `id` of the last event that you received. Browsers send it automatically.
                 * @example mab3k9x2-41
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. It stays open until the client or the sandbox closes it. */
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
            /** @description TOO_MANY_SUBSCRIBERS. The event stream already has 50 subscribers. Try again later. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "error": {
                     *         "code": "TOO_MANY_SUBSCRIBERS",
                     *         "message": "The event stream already has 50 subscribers: try again later."
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            default: components["responses"]["OtherError"];
        };
    };
    listVaultings: {
        parameters: {
            query?: {
                /**
                 * @description Returns only results for this client. Default: all clients.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["OfClient"];
                /**
                 * @description Returns only vaultings with this status.
                 * @example PROCESSING
                 */
                status?: components["schemas"]["VaultingStatus"];
                /**
                 * @description The maximum number of results.
                 * @example 10
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Returns only vaultings with a smaller sequence.
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
            default: components["responses"]["OtherError"];
        };
    };
    getVaulting: {
        parameters: {
            query?: {
                /**
                 * @description The client that the vaulting belongs to. Default: the first client.
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
            default: components["responses"]["OtherError"];
        };
    };
    completeChallenge: {
        parameters: {
            query?: {
                /**
                 * @description The client that the vaulting belongs to. Default: the first client.
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
            default: components["responses"]["OtherError"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /**
                 * @description Returns only notifications in this state.
                 * @example EXHAUSTED
                 */
                state?: components["schemas"]["NotificationState"];
                /**
                 * @description Returns only results for this client. Default: all clients.
                 * @example SANDBOX_5X00000000000000
                 */
                clientId?: components["parameters"]["OfClient"];
                /**
                 * @description The maximum number of results.
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
            default: components["responses"]["OtherError"];
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
            /** @description The notification, which is now pending. */
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
            default: components["responses"]["OtherError"];
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
            default: components["responses"]["OtherError"];
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
            default: components["responses"]["OtherError"];
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
            /** @description The scenarios that have not ended. */
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
            default: components["responses"]["OtherError"];
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
            /** @description The scenario that is now active. */
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
            default: components["responses"]["OtherError"];
        };
    };
    endScenarios: {
        parameters: {
            query?: {
                /**
                 * @description Ends only the scenarios of this operation. Default: all scenarios.
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
            /** @description The scenarios have ended, or none was active. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["OtherError"];
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
            default: components["responses"]["OtherError"];
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
            /** @description The fault, with the number of times that it will still occur. */
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
            default: components["responses"]["OtherError"];
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
            /** @description All faults are cleared. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["OtherError"];
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
            /** @description The sandbox is reset. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["OtherError"];
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
            default: components["responses"]["OtherError"];
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
            /** @description The clients that can call the Vault API, in the order in which they were added. */
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
            default: components["responses"]["OtherError"];
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
            default: components["responses"]["OtherError"];
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
            /** @description The public keys, newest last. */
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
            default: components["responses"]["OtherError"];
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
            /** @description The public key of the new signing key. */
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
            default: components["responses"]["OtherError"];
        };
    };
}
