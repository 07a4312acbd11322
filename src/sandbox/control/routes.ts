/** The HTTP routes of the control API, which `spec/control/openapi.yaml` describes. */
import { type Context, Hono } from "hono";
import {
  type Invalid,
  type ValidationIssue,
  validateChallengeRequest,
  validateClientRequest,
  validateClockRequest,
  validateFaultRequest,
  validateScenarioRequest,
} from "../../../generated/control-validators.js";
import { operations } from "../../../generated/operations.ts";
import { ATTEMPT_OUTCOMES, NOTIFICATION_STATES } from "../../control-api/attempt-outcomes.ts";
import { describeForeignHeader, findForeignHeader } from "../../gateway/index.ts";
import { AntomVaultError, describeIssues, maskDigits } from "../../protocol/errors.ts";
import { isHeaderToken, readBody } from "../../protocol/http.ts";
import { BODY_LIMIT, parseJson } from "../../protocol/json.ts";
import { type ControlAccess, hasToken } from "../access/access-control.ts";
import { MAX_SUBSCRIBERS } from "../call-log/events.ts";
import type { Control } from "./sandbox-control.ts";

/** The query parameters of each route. Routes that are not listed have none. */
const QUERY_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "GET /calls": ["limit", "after"],
  "GET /vaultings": ["clientId", "status", "limit", "before"],
  "GET /vaultings/:id": ["clientId"],
  "POST /vaultings/:id/challenge": ["clientId"],
  "GET /notifications": ["state", "outcome", "host", "text", "clientId", "limit", "before"],
  "DELETE /scenarios": ["operation"],
};

/** An error that the API returns as an error response. */
class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 415 | 500 | 503;
  readonly code: string;
  readonly issues: readonly ValidationIssue[] | undefined;
  constructor(status: ApiError["status"], code: string, message: string, issues?: readonly ValidationIssue[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

export function controlRoutes(control: Control, access: ControlAccess): Hono {
  const app = new Hono();
  app.use(async ({ req }, next) => {
    checkAccess(req.raw, access);
    const route = app.routes.find(({ path, method }) => method === req.method && matchesPath(path, req.path));
    // Without a route, the response is 404 or 405, so the parameters are not checked.
    if (route)
      rejectUnknownParameters(req.query(), QUERY_PARAMETERS[`${req.method} ${withoutPrefix(route.path)}`] ?? []);
    await next();
  });

  addStatusRoutes(app, control);
  addVaultingRoutes(app, control);
  addSimulationRoutes(app, control);
  addMerchantRoutes(app, control);

  // This is a route because Hono ignores the notFound handler of a mounted app.
  app.all("*", ({ req }) => {
    const known = app.routes.some(({ path, method }) => method !== "ALL" && matchesPath(path, req.path));
    return createErrorResponse(
      known
        ? new ApiError(405, "METHOD_NOT_ALLOWED", "This path does not support this method.")
        : new ApiError(404, "NOT_FOUND", "The control API has no such path: see spec/control/openapi.yaml."),
    );
  });
  app.onError((error) => {
    if (error instanceof ApiError) return createErrorResponse(error);
    if (error instanceof AntomVaultError) return createErrorResponse(new ApiError(400, "BAD_REQUEST", error.message));
    return createErrorResponse(new ApiError(500, "INTERNAL_ERROR", "Internal error in the sandbox."));
  });
  return app;
}

function addStatusRoutes(app: Hono, control: Control): void {
  app.get("/events", ({ req }) => {
    const stream = control.events(req.header("last-event-id"));
    if (!stream) {
      const message = `Cannot open the event stream: it already has ${MAX_SUBSCRIBERS} subscribers (the maximum), or the sandbox is stopping. Try again later.`;
      throw new ApiError(503, "TOO_MANY_SUBSCRIBERS", message);
    }
    const headers = {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      // Without this header, a reverse proxy might buffer the events.
      "x-accel-buffering": "no",
    };
    return new Response(stream, { headers });
  });

  app.get("/health", async (context) => context.json(await control.health()));
  app.get("/calls", async (context) => {
    const options = { limit: readLimit(context), after: readNumber(context, "after", 0) };
    return context.json({ calls: await control.calls(options) });
  });
}

function addVaultingRoutes(app: Hono, control: Control): void {
  app.get("/vaultings", async (context) => {
    const status = readChoice(context, "status", ["SUCCESS", "FAIL", "PROCESSING"] as const);
    const options = {
      clientId: readClientId(context),
      status,
      limit: readLimit(context),
      before: readNumber(context, "before", 1),
    };
    return context.json({ vaultings: await control.vaultings(options) });
  });
  app.get("/vaultings/:id", async (context) =>
    context.json(requireFound(await control.vaulting(context.req.param("id"), readClientId(context)), "vaulting")),
  );
  app.post("/vaultings/:id/challenge", async (context) => {
    const { result } = await readJsonBody(context, validateChallengeRequest);
    const vaulting = await control.completeChallenge(context.req.param("id"), result, readClientId(context));
    if (vaulting === false)
      throw new ApiError(
        409,
        "CONFLICT",
        "The vaulting has no pending challenge. Check its status with GET /vaultings.",
      );
    return context.json(requireFound(vaulting, "vaulting"));
  });

  app.get("/notifications", async (context) => {
    const options = {
      clientId: readClientId(context),
      state: readChoice(context, "state", NOTIFICATION_STATES),
      outcome: readChoice(context, "outcome", ATTEMPT_OUTCOMES),
      host: readText(context, "host", 255),
      text: readText(context, "text", 200),
      limit: readLimit(context),
      before: readNumber(context, "before", 1),
    };
    return context.json({ notifications: await control.notifications(options) });
  });
  app.get("/notifications/:sequence", async (context) =>
    context.json(requireFound(await control.findNotification(readSequence(context)), "notification")),
  );
  app.post("/notifications/:sequence/resend", async (context) =>
    context.json(requireFound(await control.resend(readSequence(context)), "notification")),
  );
}

function addSimulationRoutes(app: Hono, control: Control): void {
  app.get("/clock", (context) => context.json(control.clock()));
  app.post("/clock", async (context) =>
    context.json(await control.moveClock(await readJsonBody(context, validateClockRequest))),
  );

  app.get("/scenarios", (context) => context.json({ scenarios: control.scenarios() }));
  app.post("/scenarios", async (context) =>
    context.json(control.startScenario(await readJsonBody(context, validateScenarioRequest))),
  );
  app.delete("/scenarios", (context) => {
    control.endScenarios(readChoice(context, "operation", operations));
    return context.body(null, 204);
  });

  app.get("/faults", (context) => context.json({ faults: control.faults() }));
  app.post("/faults", async (context) =>
    context.json(control.injectFault(await readJsonBody(context, validateFaultRequest))),
  );
  app.delete("/faults", (context) => {
    control.clearFaults();
    return context.body(null, 204);
  });

  app.post("/reset", async (context) => {
    await control.reset();
    return context.body(null, 204);
  });
}

function addMerchantRoutes(app: Hono, control: Control): void {
  app.get("/cards", (context) => context.json(control.cards()));
  app.get("/clients", async (context) => context.json({ clients: await control.clients() }));
  app.post("/clients", async (context) => {
    const { clientId } = await readJsonBody(context, validateClientRequest);
    const added = await control.addClient(clientId);
    if (!added) throw new ApiError(409, "CONFLICT", "A client with this ID already exists. Use a different clientId.");
    return context.json(added, 201);
  });

  app.get("/keys", (context) => context.json({ keys: control.keys() }));
  app.post("/keys", async (context) => {
    const key = await control.rotateKey().catch((error: unknown) => {
      // The cause is the data directory, not the request, so the status is not 400.
      throw error instanceof AntomVaultError ? new ApiError(409, "CONFLICT", error.message) : error;
    });
    return context.json(key, 201);
  });
}

const withoutPrefix = (path: string): string => path.replace(/^\/_sandbox/, "");

const matchesPath = (pattern: string, path: string): boolean => {
  const segments = withoutPrefix(path).split("/");
  const expected = withoutPrefix(pattern).split("/");
  if (segments.length !== expected.length) return false;
  return expected.every((segment, index) => segment.startsWith(":") || segment === segments[index]);
};

function rejectUnknownParameters(query: Readonly<Record<string, string>>, known: readonly string[]): void {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  // An unknown name might be a misplaced value, so its digits are masked.
  const issues = unknown.map((name) => ({
    pointer: `/${maskDigits(name).slice(0, 64)}`,
    rule: "additionalProperties",
    message: "is not a query parameter of this operation",
  }));
  throw new ApiError(400, "BAD_REQUEST", `${describeIssues(issues)}.`, issues);
}

/** Creates the error for a query parameter that violates the OpenAPI document. */
function createParameterError(name: string, rule: string, message: string): ApiError {
  const issues = [{ pointer: `/${name}`, rule, message }];
  return new ApiError(400, "BAD_REQUEST", `${describeIssues(issues)}.`, issues);
}

function createErrorResponse({ status, code, message, issues }: ApiError): Response {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify({ error: { code, message, ...(issues ? { issues } : {}) } }), { status, headers });
}

function checkAccess(request: Request, access: ControlAccess): void {
  // A browser's EventSource cannot send an Authorization header, only cookies.
  const acceptsCookie = request.method === "GET" && withoutPrefix(new URL(request.url).pathname) === "/events";
  if (!hasToken(request, access) && !(acceptsCookie && access.isSignedIn?.(request.headers))) {
    const message =
      "The control token is missing or invalid. Send it in the Authorization header, as Bearer TOKEN. The command antom-vault sandbox uses ANTOM_CONTROL_TOKEN or, if it is not set, the token in the control-token file in its data directory.";
    throw new ApiError(401, "TOKEN_REQUIRED", message);
  }
  const foreign = findForeignHeader(request, access.address());
  if (!foreign) return;
  const advice = foreign === "Host" ? " Behind a proxy, set --public-url (publicUrl)." : "";
  throw new ApiError(403, "ORIGIN_NOT_ALLOWED", describeForeignHeader(foreign) + advice);
}

async function readJsonBody<Value>(
  { req }: Context,
  validate: (value: unknown) => { readonly valid: true; readonly value: Value } | Invalid,
): Promise<Value> {
  if (!/^application\/json\s*(?:;|$)/i.test(req.header("content-type") ?? "")) {
    const message = "Unsupported media type: send the body with Content-Type: application/json.";
    throw new ApiError(415, "UNSUPPORTED_MEDIA_TYPE", message);
  }
  const bytes = await readBody(req.raw.body, BODY_LIMIT);
  const parsed = bytes ? parseJson(bytes) : ({ ok: false, message: "is larger than 64 KiB" } as const);
  if (!parsed.ok) throw new ApiError(400, "BAD_REQUEST", `The body ${parsed.message}.`);
  const result = validate(parsed.value);
  if (result.valid) return result.value;
  throw new ApiError(400, "BAD_REQUEST", `${describeIssues(result.issues)}.`, result.issues);
}

function requireFound<Value>(value: Value | undefined, kind: string): Value {
  if (value === undefined) throw new ApiError(404, "NOT_FOUND", `No such ${kind}.`);
  return value;
}

function readClientId({ req }: Context): string | undefined {
  const clientId = req.query("clientId");
  if (clientId === undefined || isHeaderToken(clientId)) return clientId;
  throw createParameterError("clientId", "pattern", "must be 1 to 128 printable ASCII characters without spaces");
}

function readNumber({ req }: Context, name: string, minimum: number): number | undefined {
  const text = req.query(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw createParameterError(name, "type", "must be a whole number");
  if (Number(text) < minimum) throw createParameterError(name, "minimum", `must be at least ${minimum}`);
  return Number(text);
}

function readText({ req }: Context, name: string, maxLength: number): string | undefined {
  const text = req.query(name);
  const length = [...(text ?? " ")].length;
  if (length === 0) throw createParameterError(name, "minLength", "must not be empty");
  if (length > maxLength) throw createParameterError(name, "maxLength", `must have at most ${maxLength} characters`);
  return text;
}

/** Returns the sequence number in the path, or -1 if it is invalid. No notification has the number -1. */
function readSequence({ req }: Context): number {
  const text = req.param("sequence") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

function readLimit(context: Context): number {
  const limit = readNumber(context, "limit", 1) ?? 100;
  if (limit > 1000) throw createParameterError("limit", "maximum", "must be at most 1000");
  return limit;
}

function readChoice<Value extends string>({ req }: Context, name: string, values: readonly Value[]): Value | undefined {
  const text = req.query(name);
  if (text === undefined) return undefined;
  const value = values.find((allowed) => allowed === text);
  if (value === undefined) throw createParameterError(name, "enum", `must be one of ${values.join(", ")}`);
  return value;
}
