/** Where `antom-vault listen` listens, if nobody says otherwise. */
export const LISTEN_PORT = 4040;
export const NOTIFICATION_PATH = "/antom/notifications";
