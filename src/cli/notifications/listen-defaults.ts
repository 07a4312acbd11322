export { LISTEN_PORT, NOTIFICATION_PATH } from "../../control-api/listen-defaults.ts";
