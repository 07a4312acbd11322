import { createPublicKey, verify } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../src/sandbox/index.ts";
import { startNodeServer } from "../src/testing/servers/node-server.ts";
import { type SdkCall, WIRE_FORMS, type WireForm } from "./fidelity/cases/sdk-wire-forms.fixture.ts";
import { connectRawClient } from "./fidelity/raw-socket.ts";

interface Received {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Verifies a signature as the SDKs do: RSA with SHA-256 over the text of the method, path, client ID, time, and body. */
function isValid(form: (typeof WIRE_FORMS)[number], { method, headers, body }: Received, path: string, key: string) {
  const signed = `${method} ${path}\n${headers["client-id"]}.${headers["request-time"]}.${body}`;
  const signature = Buffer.from(form.readSignature(headers["signature"] ?? ""), "base64");
  return verify("sha256", Buffer.from(signed), createPublicKey(key), signature);
}

describe.each(WIRE_FORMS)("a vaulting request from the $sdk", (form) => {
  test("results in a notification that the SDK's signature check accepts", async () => {
    const received = Promise.withResolvers<Received>();
    await using receiver = await startNodeServer(async (request, response) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      received.resolve({ method: request.method ?? "", headers, body: (await buffer(request)).toString() });
      const result = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ result }));
    });
    await using sandbox = await startSandbox();
    const client = await connectRawClient(sandbox.credentials);
    const path = `/notify/${form.name}`;
    const urls = { notificationUrl: receiver.baseUrl + path, redirectUrl: "https://merchant.example/done" };
    const text = form.write("vault", { id: form.name, ...urls });
    const result = await client.send({ operation: "vaultPaymentMethod", text, head: form.createHead() });
    client.close();
    expect(result.resultCode).toBe("SUCCESS");

    const notification = await received.promise;
    const { clientId, antomPublicKey } = sandbox.credentials;
    expect(notification).toMatchObject({ method: "POST", headers: { "client-id": clientId } });
    expect(JSON.parse(notification.body)).toMatchObject({ vaultingRequestId: form.name });
    expect(isValid(form, notification, path, antomPublicKey)).toBe(true);
    const changed = { ...notification, body: `${notification.body} ` };
    expect(isValid(form, changed, path, antomPublicKey)).toBe(false);
    expect((await sandbox.notifications.waitFor(form.name, { state: "ACKNOWLEDGED" })).state).toBe("ACKNOWLEDGED");
  });
});

describe("the wire form", () => {
  const values = {
    id: "id",
    notificationUrl: "https://merchant.example/n",
    redirectUrl: "https://merchant.example/?a&b",
  };
  const sent = { host: "h", path: "/p", clientId: "c", time: "", signature: "s", length: 1 };

  function getForm(name: string): WireForm {
    return WIRE_FORMS.find((form) => form.name === name) ?? expect.fail(`There is no wire form named ${name}.`);
  }
  const getLines = (name: string) => getForm(name).createHead().lines?.(sent) ?? [];
  const write = (name: string, call: SdkCall = "vault") => getForm(name).write(call, values);

  test.each([
    ["go", 13],
    ["go-1.2.18", 19],
  ])("of %s has two Content-Type lines, an empty Agent-Token header, and a Request-Time of %i digits", (name, digits) => {
    const lines = getLines(name);
    expect(lines.filter((line) => line.startsWith("Content-Type"))).toHaveLength(2);
    expect(lines).toEqual(expect.arrayContaining(["Agent-Token: ", "Key-Version: 1"]));
    expect(lines.find((line) => line.startsWith("Request-Time"))).toMatch(new RegExp(`: \\d{${digits}}$`));
    expect(write(name)).toContain('"https://merchant.example/?a\\u0026b"');
  });

  test("of the .NET SDK has a default value for an unset enumeration, and null for other unset fields only in the current version", () => {
    expect(write("net")).toContain('"merchantAccountId":null,"metadata":null,"vaultingRequestId":"id"');
    expect(write("net")).toContain('"brand":"VISA","selectedCardBrand":"AMEX","cardIssuer":null');
    expect(write("net", "session")).toContain('"is3DSAuthentication":true}');
    expect(write("net-older")).not.toContain("null");
    expect(write("net-older")).toContain('"selectedCardBrand":"VISA"');
    expect(write("net")).toContain("Zo\\u00EB");
  });

  test("of the older PHP classes has null for unset fields, unlike all other forms except the current .NET form", () => {
    expect(write("php-older", "session")).toContain('"merchantRegion":null,"is3DSAuthentication":null}');
    expect(write("php-older")).toContain('"https:\\/\\/merchant.example\\/n"');
    for (const { name } of WIRE_FORMS.filter(({ name }) => !["net", "php-older"].includes(name)))
      expect(write(name)).not.toContain("null");
  });

  test("of the Python SDK has an absolute URL in the request line, and that of the Java SDK has sorted fields", () => {
    expect(getLines("python")[0]).toBe("POST https://h/p HTTP/1.1");
    expect(write("python")).toContain('\n   "vaultingRequestId": "id"');
    expect(write("java")).toMatch(/^\{"env":/);
  });
});
