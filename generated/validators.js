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
const VaultingRequestId = {
	type: "string",
	maxLength: 64,
	minLength: 1,
	pattern: /^[^\x00-\x1F\x7F]*$/u,
	text: "text without control characters"
};
const MerchantUrl = {
	type: "string",
	maxLength: 2048,
	minLength: 1,
	pattern: /^(?:[Hh][Tt][Tt][Pp][Ss]?:\/\/)?(?:\[[0-9A-Fa-f:.]{2,45}\]|[^\x00-\x20\x7F"<>\\^`{|}/?#@:\[\]%]+)(?::[0-9]{1,5})?(?:[/?#][^\x00-\x20\x7F"<>\\^`{|}]*)?$/u,
	text: "an http or https URL, with or without the scheme, and without a user name, space, or backslash"
};
const CountryCode = {
	type: "string",
	enum: [
		"AD",
		"AE",
		"AF",
		"AG",
		"AI",
		"AL",
		"AM",
		"AO",
		"AQ",
		"AR",
		"AS",
		"AT",
		"AU",
		"AW",
		"AX",
		"AZ",
		"BA",
		"BB",
		"BD",
		"BE",
		"BF",
		"BG",
		"BH",
		"BI",
		"BJ",
		"BL",
		"BM",
		"BN",
		"BO",
		"BQ",
		"BR",
		"BS",
		"BT",
		"BV",
		"BW",
		"BY",
		"BZ",
		"CA",
		"CC",
		"CD",
		"CF",
		"CG",
		"CH",
		"CI",
		"CK",
		"CL",
		"CM",
		"CN",
		"CO",
		"CR",
		"CU",
		"CV",
		"CW",
		"CX",
		"CY",
		"CZ",
		"DE",
		"DJ",
		"DK",
		"DM",
		"DO",
		"DZ",
		"EC",
		"EE",
		"EG",
		"EH",
		"ER",
		"ES",
		"ET",
		"FI",
		"FJ",
		"FK",
		"FM",
		"FO",
		"FR",
		"GA",
		"GB",
		"GD",
		"GE",
		"GF",
		"GG",
		"GH",
		"GI",
		"GL",
		"GM",
		"GN",
		"GP",
		"GQ",
		"GR",
		"GS",
		"GT",
		"GU",
		"GW",
		"GY",
		"HK",
		"HM",
		"HN",
		"HR",
		"HT",
		"HU",
		"ID",
		"IE",
		"IL",
		"IM",
		"IN",
		"IO",
		"IQ",
		"IR",
		"IS",
		"IT",
		"JE",
		"JM",
		"JO",
		"JP",
		"KE",
		"KG",
		"KH",
		"KI",
		"KM",
		"KN",
		"KP",
		"KR",
		"KW",
		"KY",
		"KZ",
		"LA",
		"LB",
		"LC",
		"LI",
		"LK",
		"LR",
		"LS",
		"LT",
		"LU",
		"LV",
		"LY",
		"MA",
		"MC",
		"MD",
		"ME",
		"MF",
		"MG",
		"MH",
		"MK",
		"ML",
		"MM",
		"MN",
		"MO",
		"MP",
		"MQ",
		"MR",
		"MS",
		"MT",
		"MU",
		"MV",
		"MW",
		"MX",
		"MY",
		"MZ",
		"NA",
		"NC",
		"NE",
		"NF",
		"NG",
		"NI",
		"NL",
		"NO",
		"NP",
		"NR",
		"NU",
		"NZ",
		"OM",
		"PA",
		"PE",
		"PF",
		"PG",
		"PH",
		"PK",
		"PL",
		"PM",
		"PN",
		"PR",
		"PS",
		"PT",
		"PW",
		"PY",
		"QA",
		"RE",
		"RO",
		"RS",
		"RU",
		"RW",
		"SA",
		"SB",
		"SC",
		"SD",
		"SE",
		"SG",
		"SH",
		"SI",
		"SJ",
		"SK",
		"SL",
		"SM",
		"SN",
		"SO",
		"SR",
		"SS",
		"ST",
		"SV",
		"SX",
		"SY",
		"SZ",
		"TC",
		"TD",
		"TF",
		"TG",
		"TH",
		"TJ",
		"TK",
		"TL",
		"TM",
		"TN",
		"TO",
		"TR",
		"TT",
		"TV",
		"TW",
		"TZ",
		"UA",
		"UG",
		"UM",
		"US",
		"UY",
		"UZ",
		"VA",
		"VC",
		"VE",
		"VG",
		"VI",
		"VN",
		"VU",
		"WF",
		"WS",
		"YE",
		"YT",
		"ZA",
		"ZM",
		"ZW"
	]
};
const Metadata = {
	type: "string",
	maxLength: 2048
};
const CardBrand = {
	type: "string",
	enum: [
		"AMEX",
		"BC",
		"CARNET",
		"CARTES_BANCAIRES",
		"CITI",
		"CUP",
		"DINERS",
		"DISCOVER",
		"ELO",
		"GWANGJUBANK",
		"HIPERCARD",
		"HYUNDAI",
		"IBK_BC",
		"JCB",
		"JEJUBANK",
		"JEONBUKBANK",
		"KAKAOBANK",
		"KBANK",
		"KDBBANK",
		"KEBHANA",
		"KOOKMIN",
		"LOTTE",
		"MAESTRO",
		"MASTERCARD",
		"MIR",
		"NONGHYUP",
		"POST",
		"SAEMAUL",
		"SAMSUNG",
		"SAVINGBANK",
		"SHINHAN",
		"SHINHYEOP",
		"SUHYEOP",
		"TOSSBANK",
		"TROY",
		"VISA",
		"WOORI"
	]
};
const UserName = {
	type: "object",
	required: ["firstName", "lastName"],
	properties: {
		firstName: {
			type: "string",
			maxLength: 32
		},
		middleName: {
			type: "string",
			maxLength: 32
		},
		lastName: {
			type: "string",
			maxLength: 32
		},
		fullName: {
			type: "string",
			maxLength: 128
		}
	}
};
const Address = {
	type: "object",
	required: ["region"],
	properties: {
		region: CountryCode,
		state: {
			type: "string",
			maxLength: 8
		},
		city: {
			type: "string",
			maxLength: 32
		},
		address1: {
			type: "string",
			maxLength: 256
		},
		address2: {
			type: "string",
			maxLength: 256
		},
		zipCode: {
			type: "string",
			maxLength: 32
		}
	}
};
const BooleanOrText = {
	oneOf: [{ type: "boolean" }, {
		type: "string",
		enum: ["true", "false"]
	}],
	text: "true or false, as a Boolean or quoted"
};
const VaultPaymentMethodRequest = {
	type: "object",
	required: [
		"vaultingRequestId",
		"vaultingNotificationUrl",
		"redirectUrl",
		"paymentMethodDetail",
		"env"
	],
	properties: {
		vaultingRequestId: VaultingRequestId,
		vaultingNotificationUrl: MerchantUrl,
		redirectUrl: MerchantUrl,
		merchantRegion: CountryCode,
		merchantAccountId: VaultingRequestId,
		metadata: Metadata,
		paymentMethodDetail: {
			type: "object",
			required: ["paymentMethodType", "card"],
			properties: {
				paymentMethodType: {
					type: "string",
					const: "CARD"
				},
				card: {
					type: "object",
					required: [
						"cardNo",
						"expiryYear",
						"expiryMonth"
					],
					properties: {
						cardNo: {
							type: "string",
							maxLength: 19,
							minLength: 12,
							pattern: /^[0-9]*$/u,
							text: "digits only"
						},
						expiryYear: {
							type: "string",
							maxLength: 2,
							minLength: 2,
							pattern: /^[0-9]{2}$/u,
							text: "two digits, for example 26, not 2026"
						},
						expiryMonth: {
							type: "string",
							pattern: /^(?:0[1-9]|1[0-2])$/u,
							text: "two digits, 01 to 12"
						},
						brand: CardBrand,
						selectedCardBrand: CardBrand,
						cvv: {
							type: "string",
							maxLength: 4,
							minLength: 3,
							pattern: /^[0-9]*$/u,
							text: "digits only"
						},
						cardholderName: UserName,
						billingAddress: Address,
						dateOfBirth: {
							type: "string",
							format: "date"
						},
						businessNo: {
							type: "string",
							maxLength: 10,
							minLength: 10,
							pattern: /^[0-9]*$/u,
							text: "digits only"
						},
						businessRegistrationNo: {
							type: "string",
							maxLength: 10
						},
						cardPasswordDigest: {
							type: "string",
							maxLength: 2,
							minLength: 2,
							pattern: /^[0-9]*$/u,
							text: "digits only"
						},
						cpf: {
							type: "string",
							maxLength: 11,
							minLength: 11,
							pattern: /^[0-9]*$/u,
							text: "digits only"
						},
						payerEmail: {
							type: "string",
							maxLength: 64,
							pattern: /^[^@\s]+@[^@\s]+$/u,
							text: "an email address"
						},
						networkTransactionId: {
							type: "string",
							maxLength: 256
						},
						is3DSAuthentication: BooleanOrText
					}
				}
			}
		},
		env: {
			type: "object",
			required: ["terminalType"],
			properties: {
				terminalType: {
					type: "string",
					enum: [
						"WEB",
						"WAP",
						"APP",
						"MINI_APP",
						"app"
					]
				},
				osType: {
					type: "string",
					enum: ["IOS", "ANDROID"]
				},
				userAgent: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				deviceTokenId: {
					type: "string",
					maxLength: 64
				},
				clientIp: {
					type: "string",
					maxLength: 45,
					minLength: 2,
					pattern: /^[0-9A-Fa-f:.]*$/u,
					text: "an IP address"
				},
				cookieId: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				extendInfo: {
					type: "string",
					maxLength: 2048
				},
				colorDepth: {
					type: "string",
					enum: [
						"0",
						"1",
						"4",
						"8",
						"15",
						"16",
						"24",
						"30",
						"32",
						"48"
					]
				},
				screenHeight: {
					type: "string",
					pattern: /^[1-9][0-9]*$/u,
					text: "a whole number from 1, without leading zeros"
				},
				screenWidth: {
					type: "string",
					pattern: /^[1-9][0-9]*$/u,
					text: "a whole number from 1, without leading zeros"
				},
				timeZoneOffset: {
					oneOf: [{
						type: "integer",
						maximum: 720,
						minimum: -720
					}, {
						type: "string",
						pattern: /^(?:-?(?:[1-9]|[1-9][0-9]|[1-6][0-9][0-9]|7[01][0-9]|720)|0)$/u,
						text: "a whole number from -720 to 720"
					}],
					text: "a whole number from -720 to 720, as a number or quoted"
				},
				deviceBrand: {
					type: "string",
					maxLength: 64
				},
				deviceModel: {
					type: "string",
					maxLength: 128
				},
				deviceLanguage: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				deviceId: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				osVersion: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				browserInfo: {
					type: "object",
					properties: {
						acceptHeader: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						javaEnabled: BooleanOrText,
						javaScriptEnabled: BooleanOrText,
						language: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						userAgent: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						}
					}
				}
			}
		}
	}
};
const ResultMessage = {
	type: "string",
	maxLength: 256
};
const SuccessResult = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	properties: {
		resultCode: {
			type: "string",
			const: "SUCCESS"
		},
		resultStatus: {
			type: "string",
			const: "S"
		},
		resultMessage: ResultMessage
	}
};
const CardToken = {
	type: "string",
	maxLength: 2048,
	minLength: 1,
	pattern: /^[\x21-\x7E]*$/u,
	text: "printable ASCII without spaces"
};
const CardBrand_tolerant = {
	type: "string",
	maxLength: 64,
	minLength: 1
};
const VaultedPaymentMethodDetail = {
	type: "object",
	required: ["paymentMethodType", "card"],
	properties: {
		paymentMethodType: {
			type: "string",
			const: "CARD"
		},
		card: {
			type: "object",
			required: ["cardToken"],
			properties: {
				cardToken: CardToken,
				brand: CardBrand_tolerant,
				maskedCardNo: {
					type: "string",
					maxLength: 64,
					minLength: 8,
					pattern: /^[0-9]{0,6}[*]{4,}[0-9]{0,4}$/u,
					text: "a masked number: asterisks with at most six digits before them and four after them"
				},
				networkTransactionId: {
					type: "string",
					maxLength: 256
				},
				funding: {
					type: "string",
					maxLength: 64,
					minLength: 1
				},
				issuerName: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				issuingCountry: CountryCode,
				selectedCardBrand: CardBrand_tolerant,
				lastFour: {
					type: "string",
					pattern: /^[0-9]{4}$/u,
					text: "four digits"
				},
				bin: {
					type: "string",
					pattern: /^[0-9]{1,8}$/u,
					text: "at most eight digits"
				},
				fingerprint: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				avsResultRaw: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				cvvResultRaw: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				expiryYear: {
					type: "string",
					maxLength: 2
				},
				expiryMonth: {
					type: "string",
					maxLength: 2
				},
				cardholderName: { type: "object" },
				billingAddress: { type: "object" },
				last4: {
					type: "string",
					pattern: /^[0-9]{4}$/u,
					text: "four digits"
				},
				mask: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				cardIssuer: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				countryIssue: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				supportedBrands: {
					type: "array",
					items: CardBrand_tolerant
				}
			}
		}
	}
};
const VaultPaymentMethodVaulted = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"paymentMethodDetail"
	],
	properties: {
		result: SuccessResult,
		vaultingRequestId: VaultingRequestId,
		paymentMethodDetail: VaultedPaymentMethodDetail
	}
};
const VerificationInProcessResult = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	properties: {
		resultCode: {
			type: "string",
			const: "VERIFICATION_IN_PROCESS"
		},
		resultStatus: {
			type: "string",
			const: "U"
		},
		resultMessage: ResultMessage
	}
};
const GatewayUrl = {
	type: "string",
	maxLength: 2048,
	minLength: 8,
	pattern: /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\x00-\x20\x7F"<>\\^`{|}/?#@]+(?:[/?#][^\x00-\x20\x7F"<>\\^`{|}]*)?$/u,
	text: "an http or https URL without a user name, space, or backslash"
};
const AppUrl = {
	type: "string",
	maxLength: 2048,
	minLength: 4,
	pattern: /^[A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\x00-\x20\x7F"<>\\^`{|}]+$/u,
	text: "a URL with a scheme"
};
const VaultPaymentMethodVerificationRequired = {
	not: { not: { anyOf: [
		{
			required: ["normalUrl"],
			properties: { normalUrl: {} }
		},
		{
			required: ["schemeUrl"],
			properties: { schemeUrl: {} }
		},
		{
			required: ["applinkUrl"],
			properties: { applinkUrl: {} }
		},
		{
			required: ["appLinkUrl"],
			properties: { appLinkUrl: {} }
		}
	] } },
	type: "object",
	required: ["result", "vaultingRequestId"],
	properties: {
		result: VerificationInProcessResult,
		vaultingRequestId: VaultingRequestId,
		normalUrl: GatewayUrl,
		schemeUrl: AppUrl,
		applinkUrl: GatewayUrl,
		appLinkUrl: GatewayUrl
	},
	text: "an object with at least one of normalUrl, schemeUrl, and applinkUrl"
};
const VaultPaymentMethodVerificationWithoutUrl = {
	not: { anyOf: [
		{
			required: ["normalUrl"],
			properties: { normalUrl: {} }
		},
		{
			required: ["schemeUrl"],
			properties: { schemeUrl: {} }
		},
		{
			required: ["applinkUrl"],
			properties: { applinkUrl: {} }
		},
		{
			required: ["appLinkUrl"],
			properties: { appLinkUrl: {} }
		}
	] },
	type: "object",
	required: ["result", "vaultingRequestId"],
	properties: {
		result: VerificationInProcessResult,
		vaultingRequestId: VaultingRequestId
	},
	text: "an object without normalUrl, schemeUrl, or applinkUrl"
};
const VaultPaymentMethodFailedResult = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	properties: {
		resultCode: {
			not: { enum: [
				"SUCCESS",
				"VERIFICATION_IN_PROCESS",
				"UNKNOWN_EXCEPTION",
				"REQUEST_TRAFFIC_EXCEED_LIMIT"
			] },
			type: "string",
			maxLength: 64,
			minLength: 1
		},
		resultStatus: {
			type: "string",
			const: "F"
		},
		resultMessage: ResultMessage
	}
};
const VaultPaymentMethodFailed = {
	type: "object",
	required: ["result"],
	properties: {
		result: VaultPaymentMethodFailedResult,
		vaultingRequestId: VaultingRequestId
	}
};
const UnknownCode = {
	not: { enum: ["SUCCESS", "VERIFICATION_IN_PROCESS"] },
	type: "string",
	maxLength: 64,
	minLength: 1
};
const UnknownResult = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	properties: {
		resultCode: UnknownCode,
		resultStatus: {
			type: "string",
			const: "U"
		},
		resultMessage: ResultMessage
	}
};
const VaultPaymentMethodUnknown = {
	type: "object",
	required: ["result"],
	properties: {
		result: UnknownResult,
		vaultingRequestId: VaultingRequestId
	}
};
const SuccessResult_strict = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	additionalProperties: false,
	properties: {
		resultCode: {
			type: "string",
			const: "SUCCESS"
		},
		resultStatus: {
			type: "string",
			const: "S"
		},
		resultMessage: ResultMessage
	}
};
const VaultedPaymentMethodDetail_strict = {
	type: "object",
	required: ["paymentMethodType", "card"],
	additionalProperties: false,
	properties: {
		paymentMethodType: {
			type: "string",
			const: "CARD"
		},
		card: {
			type: "object",
			required: ["cardToken"],
			additionalProperties: false,
			properties: {
				cardToken: CardToken,
				brand: CardBrand,
				maskedCardNo: {
					type: "string",
					maxLength: 64,
					minLength: 8,
					pattern: /^[0-9]{0,6}[*]{4,}[0-9]{0,4}$/u,
					text: "a masked number: asterisks with at most six digits before them and four after them"
				},
				networkTransactionId: {
					type: "string",
					maxLength: 256
				},
				funding: {
					type: "string",
					enum: [
						"CREDIT",
						"DEBIT",
						"PREPAID",
						"CHARGE",
						"DEFERRED_DEBIT"
					]
				},
				issuerName: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				issuingCountry: CountryCode,
				selectedCardBrand: CardBrand,
				lastFour: {
					type: "string",
					pattern: /^[0-9]{4}$/u,
					text: "four digits"
				},
				bin: {
					type: "string",
					pattern: /^[0-9]{1,8}$/u,
					text: "at most eight digits"
				},
				fingerprint: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				avsResultRaw: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				cvvResultRaw: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				expiryYear: {
					type: "string",
					maxLength: 2
				},
				expiryMonth: {
					type: "string",
					maxLength: 2
				},
				cardholderName: { type: "object" },
				billingAddress: { type: "object" },
				last4: {
					type: "string",
					pattern: /^[0-9]{4}$/u,
					text: "four digits"
				},
				mask: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				cardIssuer: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				countryIssue: {
					type: "string",
					pattern: /^[^\x00-\x1F\x7F]*$/u,
					text: "text without control characters"
				},
				supportedBrands: {
					type: "array",
					items: CardBrand
				}
			}
		}
	}
};
const VaultPaymentMethodVaulted_strict = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"paymentMethodDetail"
	],
	additionalProperties: false,
	properties: {
		result: SuccessResult_strict,
		vaultingRequestId: VaultingRequestId,
		paymentMethodDetail: VaultedPaymentMethodDetail_strict
	}
};
const VerificationInProcessResult_strict = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	additionalProperties: false,
	properties: {
		resultCode: {
			type: "string",
			const: "VERIFICATION_IN_PROCESS"
		},
		resultStatus: {
			type: "string",
			const: "U"
		},
		resultMessage: ResultMessage
	}
};
const VaultPaymentMethodVerificationRequired_strict = {
	not: { not: { anyOf: [
		{
			required: ["normalUrl"],
			properties: { normalUrl: {} }
		},
		{
			required: ["schemeUrl"],
			properties: { schemeUrl: {} }
		},
		{
			required: ["applinkUrl"],
			properties: { applinkUrl: {} }
		},
		{
			required: ["appLinkUrl"],
			properties: { appLinkUrl: {} }
		}
	] } },
	type: "object",
	required: ["result", "vaultingRequestId"],
	additionalProperties: false,
	properties: {
		result: VerificationInProcessResult_strict,
		vaultingRequestId: VaultingRequestId,
		normalUrl: GatewayUrl,
		schemeUrl: AppUrl,
		applinkUrl: GatewayUrl,
		appLinkUrl: GatewayUrl
	},
	text: "an object with at least one of normalUrl, schemeUrl, and applinkUrl"
};
const VaultPaymentMethodVerificationWithoutUrl_strict = {
	not: { anyOf: [
		{
			required: ["normalUrl"],
			properties: { normalUrl: {} }
		},
		{
			required: ["schemeUrl"],
			properties: { schemeUrl: {} }
		},
		{
			required: ["applinkUrl"],
			properties: { applinkUrl: {} }
		},
		{
			required: ["appLinkUrl"],
			properties: { appLinkUrl: {} }
		}
	] },
	type: "object",
	required: ["result", "vaultingRequestId"],
	additionalProperties: false,
	properties: {
		result: VerificationInProcessResult_strict,
		vaultingRequestId: VaultingRequestId
	},
	text: "an object without normalUrl, schemeUrl, or applinkUrl"
};
const VaultPaymentMethodFailed_strict = {
	type: "object",
	required: ["result"],
	additionalProperties: false,
	properties: {
		result: {
			type: "object",
			required: [
				"resultCode",
				"resultStatus",
				"resultMessage"
			],
			additionalProperties: false,
			properties: {
				resultCode: {
					type: "string",
					enum: [
						"PARAM_ILLEGAL",
						"PROCESS_FAIL",
						"VERIFICATION_FAIL",
						"INVALID_SIGNATURE",
						"KEY_NOT_FOUND",
						"ACCESS_DENIED",
						"CLIENT_FORBIDDEN_ACCESS_API",
						"INVALID_API",
						"INVALID_CLIENT",
						"INVALID_CLIENT_STATUS",
						"UNKNOWN_CLIENT",
						"MERCHANT_NOT_REGISTERED",
						"NO_INTERFACE_DEF",
						"METHOD_NOT_SUPPORTED",
						"MEDIA_TYPE_NOT_ACCEPTABLE",
						"ILLEGAL_CLIENT_IP",
						"OAUTH_FAIL",
						"REPEAT_REQ_INCONSISTENT",
						"RISK_REJECT",
						"SYSTEM_ERROR"
					]
				},
				resultStatus: {
					type: "string",
					const: "F"
				},
				resultMessage: ResultMessage
			}
		},
		vaultingRequestId: VaultingRequestId
	}
};
const UnknownResult_strict = {
	type: "object",
	required: [
		"resultCode",
		"resultStatus",
		"resultMessage"
	],
	additionalProperties: false,
	properties: {
		resultCode: {
			type: "string",
			enum: ["UNKNOWN_EXCEPTION", "REQUEST_TRAFFIC_EXCEED_LIMIT"]
		},
		resultStatus: {
			type: "string",
			const: "U"
		},
		resultMessage: ResultMessage
	}
};
const VaultPaymentMethodUnknown_strict = {
	type: "object",
	required: ["result"],
	additionalProperties: false,
	properties: {
		result: UnknownResult_strict,
		vaultingRequestId: VaultingRequestId
	}
};
const AcquirerInfo = {
	type: "object",
	properties: {
		acquirerName: {
			type: "string",
			maxLength: 64
		},
		referenceRequestId: {
			type: "string",
			maxLength: 64
		},
		acquirerTransactionId: {
			type: "string",
			maxLength: 64
		},
		acquirerMerchantId: {
			type: "string",
			maxLength: 64
		},
		acquirerResultCode: {
			type: "string",
			maxLength: 64
		},
		acquirerResultMessage: {
			type: "string",
			maxLength: 64
		},
		acquirerCardToken: {
			type: "string",
			maxLength: 64
		},
		acquirerMerchantName: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		acquirerReasonDescription: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		ptspTransactionId: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		}
	}
};
const VaultingNotificationVaulted = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"paymentMethodDetail"
	],
	properties: {
		result: SuccessResult,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "SUCCESS"
		},
		paymentMethodDetail: VaultedPaymentMethodDetail,
		metadata: Metadata,
		vaultingCreateTime: {
			type: "string",
			format: "date-time"
		},
		notifyType: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		acquirerInfo: {
			anyOf: [AcquirerInfo, {
				type: "string",
				pattern: /^[^\x00-\x1F\x7F]*$/u,
				text: "text without control characters"
			}],
			text: "an object with the acquirer's fields, or text"
		}
	}
};
const VaultingNotificationFailed = {
	type: "object",
	required: ["result", "vaultingRequestId"],
	properties: {
		result: VaultPaymentMethodFailedResult,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "FAIL"
		},
		paymentMethodDetail: {
			type: "object",
			required: ["paymentMethodType"],
			properties: {
				paymentMethodType: {
					type: "string",
					const: "CARD"
				},
				card: {
					type: "object",
					properties: {
						brand: CardBrand_tolerant,
						maskedCardNo: {
							type: "string",
							maxLength: 64,
							minLength: 8,
							pattern: /^[0-9]{0,6}[*]{4,}[0-9]{0,4}$/u,
							text: "a masked number: asterisks with at most six digits before them and four after them"
						},
						networkTransactionId: {
							type: "string",
							maxLength: 256
						},
						funding: {
							type: "string",
							maxLength: 64,
							minLength: 1
						},
						issuerName: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						issuingCountry: CountryCode,
						selectedCardBrand: CardBrand_tolerant,
						lastFour: {
							type: "string",
							pattern: /^[0-9]{4}$/u,
							text: "four digits"
						},
						bin: {
							type: "string",
							pattern: /^[0-9]{1,8}$/u,
							text: "at most eight digits"
						},
						fingerprint: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						avsResultRaw: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						cvvResultRaw: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						expiryYear: {
							type: "string",
							maxLength: 2
						},
						expiryMonth: {
							type: "string",
							maxLength: 2
						},
						cardholderName: { type: "object" },
						billingAddress: { type: "object" },
						last4: {
							type: "string",
							pattern: /^[0-9]{4}$/u,
							text: "four digits"
						},
						mask: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						cardIssuer: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						countryIssue: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						supportedBrands: {
							type: "array",
							items: CardBrand_tolerant
						}
					}
				}
			}
		},
		metadata: Metadata,
		vaultingCreateTime: {
			type: "string",
			format: "date-time"
		},
		notifyType: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		acquirerInfo: {
			anyOf: [AcquirerInfo, {
				type: "string",
				pattern: /^[^\x00-\x1F\x7F]*$/u,
				text: "text without control characters"
			}],
			text: "an object with the acquirer's fields, or text"
		}
	}
};
const AcquirerInfo_strict = {
	type: "object",
	additionalProperties: false,
	properties: {
		acquirerName: {
			type: "string",
			maxLength: 64
		},
		referenceRequestId: {
			type: "string",
			maxLength: 64
		},
		acquirerTransactionId: {
			type: "string",
			maxLength: 64
		},
		acquirerMerchantId: {
			type: "string",
			maxLength: 64
		},
		acquirerResultCode: {
			type: "string",
			maxLength: 64
		},
		acquirerResultMessage: {
			type: "string",
			maxLength: 64
		},
		acquirerCardToken: {
			type: "string",
			maxLength: 64
		},
		acquirerMerchantName: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		acquirerReasonDescription: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		ptspTransactionId: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		}
	}
};
const VaultingNotificationVaulted_strict = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"paymentMethodDetail"
	],
	additionalProperties: false,
	properties: {
		result: SuccessResult_strict,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "SUCCESS"
		},
		paymentMethodDetail: VaultedPaymentMethodDetail_strict,
		metadata: Metadata,
		vaultingCreateTime: {
			type: "string",
			format: "date-time"
		},
		notifyType: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		acquirerInfo: {
			anyOf: [AcquirerInfo_strict, {
				type: "string",
				pattern: /^[^\x00-\x1F\x7F]*$/u,
				text: "text without control characters"
			}],
			text: "an object with the acquirer's fields, or text"
		}
	}
};
const VaultingNotificationFailed_strict = {
	type: "object",
	required: ["result", "vaultingRequestId"],
	additionalProperties: false,
	properties: {
		result: {
			type: "object",
			required: [
				"resultCode",
				"resultStatus",
				"resultMessage"
			],
			additionalProperties: false,
			properties: {
				resultCode: {
					type: "string",
					enum: [
						"VERIFICATION_FAIL",
						"ACCESS_DENIED",
						"ACCOUNT_CLOSED",
						"AUTHENTICATION_REQUIRED",
						"BLOCKED_FIRST_USED",
						"CARD_EXPIRED",
						"CARD_NOT_SUPPORTED",
						"DO_NOT_HONOR",
						"FRAUD_REJECT",
						"INVALID_CARD_NUMBER",
						"INVALID_CVV",
						"INVALID_EXPIRATION_DATE",
						"LOST_CARD",
						"NO_SELECTED_ACCOUNT",
						"ORDER_IS_CLOSED",
						"PAYMENT_AMOUNT_EXCEED_LIMIT",
						"PAYMENT_COUNT_EXCEED_LIMIT",
						"PICKUP_CARD",
						"POLICY",
						"PROCESS_FAIL",
						"RESTRICTED_CARD",
						"STOLEN_CARD",
						"USER_BALANCE_NOT_ENOUGH",
						"USER_PAYMENT_VERIFICATION_FAILED",
						"VERIFY_TIMES_EXCEED_LIMIT"
					]
				},
				resultStatus: {
					type: "string",
					const: "F"
				},
				resultMessage: ResultMessage
			}
		},
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "FAIL"
		},
		paymentMethodDetail: {
			type: "object",
			required: ["paymentMethodType"],
			additionalProperties: false,
			properties: {
				paymentMethodType: {
					type: "string",
					const: "CARD"
				},
				card: {
					type: "object",
					additionalProperties: false,
					properties: {
						brand: CardBrand,
						maskedCardNo: {
							type: "string",
							maxLength: 64,
							minLength: 8,
							pattern: /^[0-9]{0,6}[*]{4,}[0-9]{0,4}$/u,
							text: "a masked number: asterisks with at most six digits before them and four after them"
						},
						networkTransactionId: {
							type: "string",
							maxLength: 256
						},
						funding: {
							type: "string",
							enum: [
								"CREDIT",
								"DEBIT",
								"PREPAID",
								"CHARGE",
								"DEFERRED_DEBIT"
							]
						},
						issuerName: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						issuingCountry: CountryCode,
						selectedCardBrand: CardBrand,
						lastFour: {
							type: "string",
							pattern: /^[0-9]{4}$/u,
							text: "four digits"
						},
						bin: {
							type: "string",
							pattern: /^[0-9]{1,8}$/u,
							text: "at most eight digits"
						},
						fingerprint: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						avsResultRaw: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						cvvResultRaw: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						expiryYear: {
							type: "string",
							maxLength: 2
						},
						expiryMonth: {
							type: "string",
							maxLength: 2
						},
						cardholderName: { type: "object" },
						billingAddress: { type: "object" },
						last4: {
							type: "string",
							pattern: /^[0-9]{4}$/u,
							text: "four digits"
						},
						mask: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						cardIssuer: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						countryIssue: {
							type: "string",
							pattern: /^[^\x00-\x1F\x7F]*$/u,
							text: "text without control characters"
						},
						supportedBrands: {
							type: "array",
							items: CardBrand
						}
					}
				}
			}
		},
		metadata: Metadata,
		vaultingCreateTime: {
			type: "string",
			format: "date-time"
		},
		notifyType: {
			type: "string",
			pattern: /^[^\x00-\x1F\x7F]*$/u,
			text: "text without control characters"
		},
		acquirerInfo: {
			anyOf: [AcquirerInfo_strict, {
				type: "string",
				pattern: /^[^\x00-\x1F\x7F]*$/u,
				text: "text without control characters"
			}],
			text: "an object with the acquirer's fields, or text"
		}
	}
};
const VaultingAcknowledgement = {
	type: "object",
	required: ["result"],
	properties: { result: {
		type: "object",
		required: [
			"resultCode",
			"resultStatus",
			"resultMessage"
		],
		properties: {
			resultCode: {
				type: "string",
				const: "SUCCESS"
			},
			resultStatus: {
				type: "string",
				const: "S"
			},
			resultMessage: {
				type: "string",
				const: "success"
			}
		}
	} }
};
const NotificationRejection = {
	type: "object",
	required: ["result"],
	properties: { result: {
		type: "object",
		required: [
			"resultCode",
			"resultStatus",
			"resultMessage"
		],
		properties: {
			resultCode: {
				type: "string",
				enum: [
					"INVALID_SIGNATURE",
					"PARAM_ILLEGAL",
					"METHOD_NOT_SUPPORTED",
					"MEDIA_TYPE_NOT_ACCEPTABLE",
					"PROCESS_FAIL"
				]
			},
			resultStatus: {
				type: "string",
				const: "F"
			},
			resultMessage: ResultMessage
		}
	} }
};
const CreateVaultingSessionRequest = {
	type: "object",
	required: [
		"paymentMethodType",
		"vaultingRequestId",
		"vaultingNotificationUrl"
	],
	properties: {
		paymentMethodType: {
			type: "string",
			const: "CARD"
		},
		vaultingRequestId: VaultingRequestId,
		vaultingNotificationUrl: MerchantUrl,
		redirectUrl: MerchantUrl,
		merchantRegion: CountryCode,
		is3DSAuthentication: BooleanOrText
	}
};
const CreateVaultingSessionCreated = {
	type: "object",
	required: [
		"result",
		"vaultingSessionData",
		"vaultingSessionId",
		"vaultingSessionExpiryTime"
	],
	properties: {
		result: SuccessResult,
		vaultingSessionData: {
			type: "string",
			maxLength: 4096,
			minLength: 1
		},
		vaultingSessionId: {
			type: "string",
			maxLength: 64,
			minLength: 1
		},
		vaultingSessionExpiryTime: {
			type: "string",
			format: "date-time"
		},
		normalUrl: GatewayUrl
	}
};
const CreateVaultingSessionFailed = {
	type: "object",
	required: ["result"],
	properties: { result: VaultPaymentMethodFailedResult }
};
const CreateVaultingSessionUnknown = {
	type: "object",
	required: ["result"],
	properties: { result: UnknownResult }
};
const CreateVaultingSessionCreated_strict = {
	type: "object",
	required: [
		"result",
		"vaultingSessionData",
		"vaultingSessionId",
		"vaultingSessionExpiryTime"
	],
	additionalProperties: false,
	properties: {
		result: SuccessResult_strict,
		vaultingSessionData: {
			type: "string",
			maxLength: 4096,
			minLength: 1
		},
		vaultingSessionId: {
			type: "string",
			maxLength: 64,
			minLength: 1
		},
		vaultingSessionExpiryTime: {
			type: "string",
			format: "date-time"
		},
		normalUrl: GatewayUrl
	}
};
const CreateVaultingSessionFailed_strict = {
	type: "object",
	required: ["result"],
	additionalProperties: false,
	properties: { result: {
		type: "object",
		required: [
			"resultCode",
			"resultStatus",
			"resultMessage"
		],
		additionalProperties: false,
		properties: {
			resultCode: {
				type: "string",
				enum: [
					"PARAM_ILLEGAL",
					"PROCESS_FAIL",
					"INVALID_SIGNATURE",
					"KEY_NOT_FOUND",
					"ACCESS_DENIED",
					"CLIENT_FORBIDDEN_ACCESS_API",
					"INVALID_API",
					"INVALID_CLIENT",
					"INVALID_CLIENT_STATUS",
					"UNKNOWN_CLIENT",
					"MERCHANT_NOT_REGISTERED",
					"NO_INTERFACE_DEF",
					"METHOD_NOT_SUPPORTED",
					"MEDIA_TYPE_NOT_ACCEPTABLE",
					"ILLEGAL_CLIENT_IP",
					"OAUTH_FAIL",
					"REPEAT_REQ_INCONSISTENT",
					"RISK_REJECT",
					"SYSTEM_ERROR"
				]
			},
			resultStatus: {
				type: "string",
				const: "F"
			},
			resultMessage: ResultMessage
		}
	} }
};
const CreateVaultingSessionUnknown_strict = {
	type: "object",
	required: ["result"],
	additionalProperties: false,
	properties: { result: UnknownResult_strict }
};
const InquireVaultingRequest = {
	type: "object",
	required: ["vaultingRequestId"],
	properties: {
		vaultingRequestId: VaultingRequestId,
		merchantAccountId: VaultingRequestId
	}
};
const InquireVaultingVaulted = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"vaultingStatus",
		"paymentMethodDetail"
	],
	properties: {
		result: SuccessResult,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "SUCCESS"
		},
		metadata: Metadata,
		vaultingResultMessage: {
			type: "string",
			maxLength: 256
		},
		vaultingResultCode: {
			type: "string",
			const: "SUCCESS"
		},
		paymentMethodDetail: VaultedPaymentMethodDetail
	}
};
const InquireVaultingProcessing = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"vaultingStatus"
	],
	properties: {
		result: SuccessResult,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "PROCESSING"
		},
		metadata: Metadata,
		vaultingResultMessage: {
			type: "string",
			maxLength: 256
		},
		vaultingResultCode: {
			type: "string",
			const: "VERIFICATION_IN_PROCESS"
		},
		normalUrl: GatewayUrl,
		schemeUrl: AppUrl,
		applinkUrl: GatewayUrl,
		appLinkUrl: GatewayUrl
	}
};
const InquireVaultingVaultingFailed = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"vaultingStatus"
	],
	properties: {
		result: SuccessResult,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "FAIL"
		},
		metadata: Metadata,
		vaultingResultMessage: {
			type: "string",
			maxLength: 256
		},
		vaultingResultCode: UnknownCode
	}
};
const InquireVaultingVaulted_strict = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"vaultingStatus",
		"paymentMethodDetail"
	],
	additionalProperties: false,
	properties: {
		result: SuccessResult_strict,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "SUCCESS"
		},
		metadata: Metadata,
		vaultingResultMessage: {
			type: "string",
			maxLength: 256
		},
		vaultingResultCode: {
			type: "string",
			const: "SUCCESS"
		},
		paymentMethodDetail: VaultedPaymentMethodDetail_strict
	}
};
const InquireVaultingProcessing_strict = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"vaultingStatus"
	],
	additionalProperties: false,
	properties: {
		result: SuccessResult_strict,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "PROCESSING"
		},
		metadata: Metadata,
		vaultingResultMessage: {
			type: "string",
			maxLength: 256
		},
		vaultingResultCode: {
			type: "string",
			const: "VERIFICATION_IN_PROCESS"
		},
		normalUrl: GatewayUrl,
		schemeUrl: AppUrl,
		applinkUrl: GatewayUrl,
		appLinkUrl: GatewayUrl
	}
};
const InquireVaultingVaultingFailed_strict = {
	type: "object",
	required: [
		"result",
		"vaultingRequestId",
		"vaultingStatus"
	],
	additionalProperties: false,
	properties: {
		result: SuccessResult_strict,
		vaultingRequestId: VaultingRequestId,
		vaultingStatus: {
			type: "string",
			const: "FAIL"
		},
		metadata: Metadata,
		vaultingResultMessage: {
			type: "string",
			maxLength: 256
		},
		vaultingResultCode: {
			type: "string",
			enum: [
				"ACCESS_DENIED",
				"ACCOUNT_CLOSED",
				"AUTHENTICATION_REQUIRED",
				"BLOCKED_FIRST_USED",
				"CARD_EXPIRED",
				"CARD_NOT_SUPPORTED",
				"DO_NOT_HONOR",
				"FRAUD_REJECT",
				"INVALID_CARD_NUMBER",
				"INVALID_CVV",
				"INVALID_EXPIRATION_DATE",
				"LOST_CARD",
				"NO_SELECTED_ACCOUNT",
				"ORDER_IS_CLOSED",
				"PAYMENT_AMOUNT_EXCEED_LIMIT",
				"PAYMENT_COUNT_EXCEED_LIMIT",
				"PICKUP_CARD",
				"POLICY",
				"PROCESS_FAIL",
				"RESTRICTED_CARD",
				"STOLEN_CARD",
				"USER_BALANCE_NOT_ENOUGH",
				"USER_PAYMENT_VERIFICATION_FAILED",
				"VERIFY_TIMES_EXCEED_LIMIT"
			]
		}
	}
};
const InquireVaultingFailed = {
	type: "object",
	required: ["result"],
	additionalProperties: false,
	properties: {
		result: {
			type: "object",
			required: [
				"resultCode",
				"resultStatus",
				"resultMessage"
			],
			additionalProperties: false,
			properties: {
				resultCode: {
					type: "string",
					enum: [
						"VAULTING_NOT_EXIST",
						"PARAM_ILLEGAL",
						"PROCESS_FAIL",
						"INVALID_SIGNATURE",
						"KEY_NOT_FOUND",
						"ACCESS_DENIED",
						"CLIENT_FORBIDDEN_ACCESS_API",
						"INVALID_API",
						"INVALID_CLIENT",
						"INVALID_CLIENT_STATUS",
						"UNKNOWN_CLIENT",
						"MERCHANT_NOT_REGISTERED",
						"NO_INTERFACE_DEF",
						"METHOD_NOT_SUPPORTED",
						"MEDIA_TYPE_NOT_ACCEPTABLE",
						"ILLEGAL_CLIENT_IP",
						"OAUTH_FAIL",
						"REPEAT_REQ_INCONSISTENT",
						"RISK_REJECT",
						"SYSTEM_ERROR"
					]
				},
				resultStatus: {
					type: "string",
					const: "F"
				},
				resultMessage: ResultMessage
			}
		},
		vaultingRequestId: VaultingRequestId
	}
};
const validateVaultPaymentMethodRequest = /* @__PURE__ */ check({ VaultPaymentMethodRequest });
const validateVaultPaymentMethodResponse = /* @__PURE__ */ check({
	VaultPaymentMethodVaulted,
	VaultPaymentMethodVerificationRequired,
	VaultPaymentMethodVerificationWithoutUrl,
	VaultPaymentMethodFailed,
	VaultPaymentMethodUnknown
});
const validateVaultPaymentMethodResponseStrict = /* @__PURE__ */ check({
	VaultPaymentMethodVaulted: VaultPaymentMethodVaulted_strict,
	VaultPaymentMethodVerificationRequired: VaultPaymentMethodVerificationRequired_strict,
	VaultPaymentMethodVerificationWithoutUrl: VaultPaymentMethodVerificationWithoutUrl_strict,
	VaultPaymentMethodFailed: VaultPaymentMethodFailed_strict,
	VaultPaymentMethodUnknown: VaultPaymentMethodUnknown_strict
});
const validateVaultingNotification = /* @__PURE__ */ check({
	VaultingNotificationVaulted,
	VaultingNotificationFailed
});
const validateVaultingNotificationStrict = /* @__PURE__ */ check({
	VaultingNotificationVaulted: VaultingNotificationVaulted_strict,
	VaultingNotificationFailed: VaultingNotificationFailed_strict
});
const validateVaultingAcknowledgement = /* @__PURE__ */ check({ VaultingAcknowledgement });
const validateNotificationRejection = /* @__PURE__ */ check({ NotificationRejection });
const validateCreateVaultingSessionRequest = /* @__PURE__ */ check({ CreateVaultingSessionRequest });
const validateCreateVaultingSessionResponse = /* @__PURE__ */ check({
	CreateVaultingSessionCreated,
	CreateVaultingSessionFailed,
	CreateVaultingSessionUnknown
});
const validateCreateVaultingSessionResponseStrict = /* @__PURE__ */ check({
	CreateVaultingSessionCreated: CreateVaultingSessionCreated_strict,
	CreateVaultingSessionFailed: CreateVaultingSessionFailed_strict,
	CreateVaultingSessionUnknown: CreateVaultingSessionUnknown_strict
});
const validateInquireVaultingRequest = /* @__PURE__ */ check({ InquireVaultingRequest });
const validateInquireVaultingResponse = /* @__PURE__ */ check({
	InquireVaultingVaulted,
	InquireVaultingProcessing,
	InquireVaultingVaultingFailed,
	InquireVaultingFailed: VaultPaymentMethodFailed,
	InquireVaultingUnknown: VaultPaymentMethodUnknown
});
const validateInquireVaultingResponseStrict = /* @__PURE__ */ check({
	InquireVaultingVaulted: InquireVaultingVaulted_strict,
	InquireVaultingProcessing: InquireVaultingProcessing_strict,
	InquireVaultingVaultingFailed: InquireVaultingVaultingFailed_strict,
	InquireVaultingFailed,
	InquireVaultingUnknown: VaultPaymentMethodUnknown_strict
});
export { validateCreateVaultingSessionRequest, validateCreateVaultingSessionResponse, validateCreateVaultingSessionResponseStrict, validateInquireVaultingRequest, validateInquireVaultingResponse, validateInquireVaultingResponseStrict, validateNotificationRejection, validateVaultPaymentMethodRequest, validateVaultPaymentMethodResponse, validateVaultPaymentMethodResponseStrict, validateVaultingAcknowledgement, validateVaultingNotification, validateVaultingNotificationStrict };
