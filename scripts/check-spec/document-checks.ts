/** Checks of the whole document: version, operations, security, and servers. */
import { readPackageVersion } from "../../src/machine/package-version.ts";
import { resolve } from "../openapi/openapi-document.ts";
import { type Check, measureAll, type Violation } from "./check.ts";
import { findCallbacks, findCalls, findWebhooks, joinPointer } from "./document-parts.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

const version: Check = {
  title: "versions and dialect",
  requirement: "OpenAPI 3.1, JSON Schema 2020-12, the version in package.json",
  measure: (document) => {
    const violations: Violation[] = [];
    const openapi = String(document["openapi"]);
    if (!/^3\.1\.\d+$/.test(openapi)) violations.push({ at: "#/openapi", message: `${openapi} is not 3.1` });
    if (document["jsonSchemaDialect"] !== DIALECT)
      violations.push({ at: "#/jsonSchemaDialect", message: `is not ${DIALECT}` });
    const packageVersion = readPackageVersion();
    if (document.info.version !== packageVersion)
      violations.push({ at: "#/info/version", message: `is not ${packageVersion}, the version in package.json` });
    return { measured: openapi, violations };
  },
};

const postOnly: Check = {
  title: "operations",
  requirement: "only a POST operation at each path",
  measure: (document) => {
    const items = [...Object.entries(document.paths), ...Object.entries(document.webhooks ?? {})];
    return measureAll(
      items.map(([name, value]) => ({
        at: joinPointer(name in document.paths ? "#/paths" : "#/webhooks", name),
        value,
      })),
      ({ value }) =>
        Object.keys(value).join() === "post" ? undefined : `has ${Object.keys(value).join(", ")} instead of only post`,
    );
  },
};

const operationIds: Check = {
  title: "operationIds",
  requirement: "present and unique",
  measure: (document) => {
    const calls = findCalls(document);
    const callbacks = calls.flatMap(findCallbacks).filter(({ value }) => value.operationId !== undefined);
    const seen = new Set<string>();
    return measureAll([...calls, ...findWebhooks(document), ...callbacks], ({ value: { operationId } }) => {
      if (!operationId) return "no operationId";
      if (seen.has(operationId)) return `duplicate operationId ${operationId}`;
      seen.add(operationId);
      return undefined;
    });
  },
};

/** The operations that create a vaulting. A notifyVaulting notification reports the result of the vaulting. */
const NOTIFIED_OPERATIONS = ["vaultPaymentMethod", "createVaultingSession"];

const notification: Check = {
  title: "notifyVaulting",
  requirement: `a webhook, and a callback of ${NOTIFIED_OPERATIONS.join(" and ")}`,
  measure: (document) => {
    const webhook = document.webhooks?.["notifyVaulting"]?.post;
    if (!webhook) return { measured: "none", violations: [{ at: "#/webhooks", message: "no webhook notifyVaulting" }] };
    const body = resolve(document, webhook.requestBody);
    const violations = NOTIFIED_OPERATIONS.flatMap((id): readonly Violation[] => {
      const call = findCalls(document).find(({ value }) => value.operationId === id);
      if (!call) return [{ at: "#/paths", message: `no operation ${id}` }];
      const callback = findCallbacks(call).find(({ name }) => name === "notifyVaulting");
      if (!callback) return [{ at: call.at, message: "no callback notifyVaulting" }];
      const same = resolve(document, callback.value.requestBody) === body;
      return same
        ? []
        : [{ at: callback.at, message: "the callback notifyVaulting has a different body than the webhook" }];
    });
    return { measured: `webhook and ${NOTIFIED_OPERATIONS.length - violations.length} callbacks`, violations };
  },
};

const SCHEMES = ["Signature", "ClientId", "RequestTime"];

const security: Check = {
  title: "security of the operations",
  requirement: `${SCHEMES.join(", ")} together`,
  measure: (document) => {
    const places = [
      { at: "#/security", value: document["security"] },
      ...findCalls(document).flatMap(({ at, value }) =>
        value.security === undefined ? [] : [{ at: joinPointer(at, "security"), value: value.security }],
      ),
    ];
    const hasAllSchemes = (requirement: unknown) =>
      SCHEMES.every((scheme) => typeof requirement === "object" && requirement !== null && scheme in requirement);
    return measureAll(places, ({ value }) =>
      Array.isArray(value) && value.length > 0 && value.every(hasAllSchemes)
        ? undefined
        : `does not require ${SCHEMES.join(", ")} together`,
    );
  },
};

const BASE_PATHS: Readonly<Record<string, string>> = { production: "/ams/api", sandbox: "/ams/sandbox/api" };
const REGIONS = ["north-america", "united-states", "asia", "europe"];

const servers: Check = {
  title: "servers",
  requirement: "HTTPS, production and sandbox in each region",
  measure: (document) => {
    const violations: Violation[] = [];
    const regions = new Set([...REGIONS, ...document.servers.map((server) => server["x-region"])]);
    for (const region of regions) {
      for (const [environment, path] of Object.entries(BASE_PATHS)) {
        const found = document.servers.some(
          (server) => server["x-region"] === region && server["x-environment"] === environment,
        );
        if (!found) violations.push({ at: "#/servers", message: `${region} has no ${environment} server (${path})` });
      }
      const hosts = new Set(
        document.servers.filter((server) => server["x-region"] === region).map(({ url }) => new URL(url).host),
      );
      if (hosts.size > 1)
        violations.push({ at: "#/servers", message: `${region} has several hosts: ${[...hosts].join(", ")}` });
    }
    document.servers.forEach((server, index) => {
      const { protocol, pathname } = new URL(server.url);
      if (protocol !== "https:")
        violations.push({ at: joinPointer("#/servers", index), message: `${server.url} is not https` });
      const path = BASE_PATHS[server["x-environment"]];
      if (pathname !== path)
        violations.push({
          at: joinPointer("#/servers", index),
          message: `the path of ${server["x-environment"]} is ${pathname}, not ${path}`,
        });
    });
    return { measured: `${document.servers.length} in ${regions.size} regions`, violations };
  },
};

export const documentChecks: readonly Check[] = [version, postOnly, operationIds, notification, security, servers];
