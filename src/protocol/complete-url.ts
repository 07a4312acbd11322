/** Returns a merchant's URL with a scheme: as it is if it starts with `http://` or `https://`, otherwise with `https://` before it. */
export const completeUrl = (url: string): string => (/^https?:\/\//i.test(url) ? url : `https://${url}`);
