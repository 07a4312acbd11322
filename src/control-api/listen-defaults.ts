/** The default port and path of `antom-vault listen`. @module */
export const LISTEN_PORT = 4040;
export const NOTIFICATION_PATH = "/antom/notifications";
