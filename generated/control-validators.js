// Made by `npm run generate` from spec/. Do not edit.
// ../format-count.ts
const formatCount = (count, noun, plural = `${noun}s`) => `${count} ${count === 1 ? noun : plural}`;
// validator-runtime.ts
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const TYPES = {
	string: ["a string", (value) => typeof value === "string"],
	object: ["an object", isObject],
	boolean: ["a Boolean", (value) => typeof value === "boolean"],
	integer: ["a whole number", Number.isInteger],
	array: ["an array", Array.isArray]
};
function addFieldIssue({ pointer, issues, quick }, name, rule, message) {
	const escaped = quick ? "" : name.replace(/~/g, "~0").replace(/\//g, "~1").replace(/\d{3,}/g, "***").slice(0, 64);
	issues.push({
		pointer: `${pointer}/${escaped}`,
		rule,
		message
	});
}
const MAX_LISTED = 12;
const formatValues = (values) => values.length > MAX_LISTED ? `one of the ${values.length} values in the document` : values.length > 1 ? `one of ${values.join(", ")}` : String(values[0]);
function isDate(text) {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
	const date = /* @__PURE__ */ new Date(`${text}T00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
function isDateTime(text) {
	const [, date = "", ...parts] = /^(\d{4}-\d\d-\d\d)[t\s](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-]\d\d)(?::?(\d\d))?)$/i.exec(text) ?? [];
	const [hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = parts.map((part) => Number(part ?? 0));
	const utc = (hour - offsetHour) * 60 + minute - (parts[3]?.startsWith("-") ? -offsetMinute : offsetMinute);
	return isDate(date) && hour < 24 && minute < 60 && Math.abs(offsetHour) < 24 && offsetMinute < 60 && (second < 60 || second === 60 && (utc + 1440) % 1440 === 1439);
}
const mustBe = (isValid, requirement) => !isValid && `must be ${String(requirement)}`;
const isValid = (schema, value) => findIssues(schema, value, "", [], true).length === 0;
const sizeOf = (value) => isObject(value) ? Object.keys(value).length : void 0;
const lengthOf = (text) => [...text].length;
const KEYWORDS = {
	type: (name, value) => mustBe(TYPES[name][1](value), TYPES[name][0]),
	const: (expected, value) => mustBe(value === expected, expected),
	enum: (values, value) => !values.includes(value) && `must be ${formatValues(values)}`,
	not: (inner, value, { schema }) => mustBe(!isValid(inner, value), schema.text ?? "a code that matches the status"),
	anyOf: (branches, value, { schema, pointer, issues }) => {
		if (branches.some((branch) => isValid(branch, value))) return void 0;
		for (const branch of branches) if (branch.type === "object" && isObject(value)) findIssues(branch, value, pointer, issues);
		return mustBe(false, schema.text);
	},
	oneOf: (branches, value, { schema }) => mustBe(branches.filter((branch) => isValid(branch, value)).length === 1, schema.text),
	maximum: (limit, value) => mustBe(!Number.isFinite(value) || Number(value) <= limit, `at most ${limit}`),
	minimum: (limit, value) => mustBe(!Number.isFinite(value) || Number(value) >= limit, `at least ${limit}`),
	maxLength: (limit, value) => typeof value === "string" && value.length > limit && lengthOf(value) > limit && `must have at most ${formatCount(limit, "character")}`,
	minLength: (limit, value) => typeof value === "string" && value.length < 2 * limit && lengthOf(value) < limit && `must have at least ${formatCount(limit, "character")}`,
	pattern: (pattern, value, { schema }) => mustBe(typeof value !== "string" || pattern.test(value), schema.text),
	format: (format, value) => format === "date" ? mustBe(typeof value !== "string" || isDate(value), "an existing date in the format YYYY-MM-DD") : mustBe(typeof value !== "string" || isDateTime(value), "a time in ISO 8601 with an offset"),
	minItems: (limit, value) => Array.isArray(value) && value.length < limit && `must have at least ${formatCount(limit, "item")}`,
	items: (inner, value, { pointer, issues }) => {
		if (Array.isArray(value)) value.forEach((item, index) => void findIssues(inner, item, `${pointer}/${index}`, issues));
	},
	maxProperties: (limit, value, { schema }) => mustBe((sizeOf(value) ?? 0) <= limit, schema.text),
	minProperties: (limit, value, { schema }) => mustBe((sizeOf(value) ?? limit) >= limit, schema.text),
	required: (names, value, context) => {
		if (!isObject(value)) return void 0;
		for (const name of names) if (value[name] === void 0) addFieldIssue(context, name, "required", "is required");
	},
	additionalProperties: (_, value, context) => {
		if (!isObject(value)) return void 0;
		for (const name of Object.keys(value)) if (!Object.hasOwn(context.schema.properties ?? {}, name)) addFieldIssue(context, name, "additionalProperties", "is not in the OpenAPI document");
	},
	properties: (properties, value, { pointer, issues, quick }) => {
		if (!isObject(value)) return void 0;
		for (const name in properties) {
			const schema = properties[name];
			if (schema && value[name] !== void 0) findIssues(schema, value[name], quick ? "" : `${pointer}/${name}`, issues, quick);
			if (quick && issues.length > 0) return void 0;
		}
	}
};
function findIssues(schema, value, pointer = "", issues = [], quick = false) {
	const context = {
		schema,
		pointer,
		issues,
		quick
	};
	for (const rule in schema) {
		if (rule === "text") continue;
		if (quick && issues.length > 0) return issues;
		const evaluate = KEYWORDS[rule];
		const message = evaluate(schema[rule], value, context);
		if (message) issues.push({
			pointer,
			rule,
			message
		});
	}
	return issues;
}
const CHOOSERS = [
	"/result/resultStatus",
	"/result/resultCode",
	"/vaultingStatus"
];
const distance = (issues) => issues.reduce((sum, { pointer, rule }) => {
	const at = CHOOSERS.indexOf(pointer);
	return sum + (at >= 0 ? 1e3 ** (CHOOSERS.length - at) : rule === "not" ? 10 : 1);
}, 0);
const check = (branches) => (value) => {
	const [branch, ...others] = Object.keys(branches).filter((name) => isValid(branches[name] ?? {}, value));
	if (branch === void 0) {
		const [closest] = Object.values(branches).map((schema) => findIssues(schema, value)).sort((a, b) => distance(a) - distance(b));
		return {
			valid: false,
			issues: closest
		};
	}
	if (others.length === 0) return {
		valid: true,
		branch,
		value
	};
	return {
		valid: false,
		issues: [{
			pointer: "",
			rule: "oneOf",
			message: "must match exactly one branch of the OpenAPI document"
		}]
	};
};
// entry.js
const ChallengeRequest = {
	type: "object",
	required: ["result"],
	additionalProperties: false,
	properties: { result: {
		type: "string",
		enum: [
			"passed",
			"failed",
			"rejected",
			"unavailable",
			"abandoned",
			"cancelled"
		]
	} }
};
const ClockRequest = {
	type: "object",
	maxProperties: 1,
	minProperties: 1,
	additionalProperties: false,
	properties: {
		advanceMs: {
			type: "integer",
			maximum: 316224e5,
			minimum: 1
		},
		now: {
			type: "string",
			pattern: /^20[2-9]\d-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+\-]\d\d:\d\d)$/u,
			format: "date-time",
			text: "a time from 2020 to 2099, such as 2026-03-01T09:00:00Z, without a leap second"
		},
		reset: {
			type: "boolean",
			const: true
		}
	},
	text: "an object with exactly one of advanceMs, now, and reset"
};
const OperationId = {
	type: "string",
	enum: [
		"vaultPaymentMethod",
		"createVaultingSession",
		"inquireVaulting"
	]
};
const ResultCode = {
	type: "string",
	maxLength: 64,
	minLength: 1,
	pattern: /^[A-Z0-9_]*$/u,
	text: "a result code of capital letters, digits, and underscores"
};
const ClientId = {
	type: "string",
	maxLength: 128,
	minLength: 1,
	pattern: /^[!-~]*$/u,
	text: "printable ASCII without spaces"
};
const ScenarioRequest = {
	type: "object",
	required: ["operation", "resultCode"],
	additionalProperties: false,
	properties: {
		operation: OperationId,
		resultCode: ResultCode,
		minutes: {
			type: "integer",
			maximum: 120,
			minimum: 1
		},
		clientId: ClientId
	}
};
const FaultRequest = {
	type: "object",
	required: ["fault"],
	additionalProperties: false,
	properties: {
		fault: {
			type: "string",
			enum: [
				"response-delayed",
				"request-dropped",
				"response-dropped",
				"response-truncated",
				"response-unsigned",
				"response-invalid-signature",
				"error-unsigned",
				"notification-duplicated",
				"notification-out-of-order",
				"notification-delayed",
				"notification-invalid-signature",
				"notification-unsigned"
			]
		},
		operation: OperationId,
		times: {
			type: "integer",
			maximum: 1e6,
			minimum: 1
		},
		ms: {
			type: "integer",
			maximum: 6e5,
			minimum: 0
		},
		clientId: ClientId
	}
};
const ClientRequest = {
	type: "object",
	additionalProperties: false,
	properties: { clientId: ClientId }
};
const validateChallengeRequest = /* @__PURE__ */ check({ ChallengeRequest });
const validateClockRequest = /* @__PURE__ */ check({ ClockRequest });
const validateScenarioRequest = /* @__PURE__ */ check({ ScenarioRequest });
const validateFaultRequest = /* @__PURE__ */ check({ FaultRequest });
const validateClientRequest = /* @__PURE__ */ check({ ClientRequest });
export { validateChallengeRequest, validateClientRequest, validateClockRequest, validateFaultRequest, validateScenarioRequest };
