/** Whether a host, as a person or `URL` writes it, is this machine itself: `localhost`, 127.0.0.0/8 or ::1. No name is looked up. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
