/** Returns a merchant's URL unchanged if it starts with `http://` or `https://`; otherwise, prefixes it with `https://`. */
export const addDefaultScheme = (url: string): string => (/^https?:\/\//i.test(url) ? url : `https://${url}`);
