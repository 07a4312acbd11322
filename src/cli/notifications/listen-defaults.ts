/** Where `antom-vault listen` listens by default. @module */
export const LISTEN_PORT = 4040;
export const NOTIFICATION_PATH = "/antom/notifications";
