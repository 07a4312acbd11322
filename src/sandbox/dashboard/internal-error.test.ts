import { expect, test } from "vitest";
import { createSessions } from "../access/sign-in.ts";
import type { Control } from "../control/sandbox-control.ts";
import { createDashboard } from "./dashboard.ts";

test("the dashboard responds with HTTP 500 and shows no error details if a page fails", async () => {
  const baseUrl = () => "http://127.0.0.1:1";
  const dashboard = createDashboard({
    // This control object has no functions, so every page fails.
    control: {} as Control,
    sessions: createSessions({ token: undefined, secret: Buffer.from("secret"), baseUrl }),
    address: () => ({ baseUrl: baseUrl(), isExposed: false }),
    merchant: { clientId: "client", merchantPrivateKey: "" },
  });
  const response = await dashboard.request("http://127.0.0.1:1/", { headers: { host: "127.0.0.1:1" } });
  expect(response.status).toBe(500);
  expect(await response.text()).toMatch(/The sandbox could not complete your request\.(?!.*TypeError)/s);
});
