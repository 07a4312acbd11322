/** A module with the names that the examples in the API reference use but do not declare. */
export const API_REFERENCE_NAMES = `
export * from "antom-vault";
export * from "antom-vault/contract-tests";
export * from "antom-vault/notification";
export * from "antom-vault/notification/node";
export * from "antom-vault/sandbox";
import type {
  CreateVaultingSessionOutcome, CreateVaultingSessionRequest, InquireVaultingOutcome, VaultClient, VaultPaymentMethodOutcome, VaultPaymentMethodRequest,
} from "antom-vault";
import type { NotificationReceiverOptions, VaultingEvent } from "antom-vault/notification";
import type { RunningSandbox } from "antom-vault/sandbox";

export declare const http: typeof import("node:http");
export declare const readFile: typeof import("node:fs/promises").readFile;
export declare const express: typeof import("express");
export declare const describe: typeof import("vitest").describe;
export declare const test: typeof import("vitest").test;
export declare const app: import("express").Application;
export declare const vault: VaultClient;
export declare const sandbox: RunningSandbox;
export declare const clientId: string;
export declare const merchantPrivateKey: string;
export declare const antomPublicKey: string;
export declare const baseUrl: string;
export declare const oldPublicKey: string;
export declare const newPublicKey: string;
export declare const request: VaultPaymentMethodRequest & CreateVaultingSessionRequest;
export declare const outcome: VaultPaymentMethodOutcome | CreateVaultingSessionOutcome | InquireVaultingOutcome;
export declare const event: VaultingEvent;
export declare const options: NotificationReceiverOptions;
export declare const onVaulting: NotificationReceiverOptions["onVaulting"];
export declare const storeToken: (vaultingRequestId: string, cardToken: string) => Promise<void>;
export declare const storeFailure: (vaultingRequestId: string, code: string) => Promise<void>;
export declare const storeResult: (vaultingRequestId: string, event: VaultingEvent) => Promise<void>;
export declare const redirectBuyer: (url: string | undefined) => void;
export declare const scheduleInquiry: (vaultingRequestId: string) => void;
export declare const vaultingRequestId: string;
export declare const controller: AbortController;
export declare const sendToBrowser: (vaultingSessionData: string) => void;
export declare const showMessage: (text: string) => void;
`;
