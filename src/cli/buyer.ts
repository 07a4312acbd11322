/** A buyer on the sandbox's challenge page, as a browser without scripts would be. */
import { ONE_TIME_CODE } from "../sandbox/index.ts";

/** Types the one-time code. Gives the address that the buyer is led to, or `undefined` where the page does not let go. */
export async function passChallenge(normalUrl: string, code = ONE_TIME_CODE): Promise<string | undefined> {
  const page = await fetch(normalUrl, { redirect: "error" });
  const token = /name="token" value="([^"]*)"/.exec(await page.text())?.[1] ?? "";
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const answer = await fetch(normalUrl, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ token, code, answer: "code" }),
  });
  await answer.body?.cancel();
  const location = answer.headers.get("location");
  return location === null || location.startsWith("/") ? undefined : location;
}
