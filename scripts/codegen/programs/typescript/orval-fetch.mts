import { signingFetch } from "./signing-fetch.mts";

export async function orvalFetch<T>(url: string, init: RequestInit): Promise<T> {
  const response = await signingFetch(`${process.env["ANTOM_BASE_URL"]}${url}`, init);
  return { data: await response.json(), status: response.status, headers: response.headers } as T;
}
