/** Searchable lists of scenarios and faults, in groups, with an explanation of each. */
import type { OperationId } from "../../../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { getScenarioCodes } from "../../../control-api/scenario-codes.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import { parseGenerated } from "../../../machine/generated-documents.ts";
import { ERROR_FAULT, NOTIFICATION_FAULTS, RESPONSE_FAULTS } from "../../switches/faults.ts";

interface Choice {
  readonly value: string;
  readonly title: string;
  readonly explanation: string;
}

export interface ChoiceGroup {
  readonly title: string;
  readonly choices: readonly Choice[];
}

/** Renders a list of choices with a search field. The search requires the script. */
export function choiceList(name: string, searchLabel: string, groups: readonly ChoiceGroup[]): Markup {
  const choice = ({ value, title, explanation }: Choice) =>
    markup`<label class="choice"><input type="radio" name="${name}" value="${exactAttribute(value)}" required><span class="code-word">${title}</span><small>${explanation}</small></label>`;
  return markup`<div class="choices-search"><label>${searchLabel}<input type="search" autocomplete="off" spellcheck="false" aria-controls="${name}-choices" aria-describedby="${name}-matches"></label><small id="${name}-matches" role="status"></small></div>
<div class="choices" id="${name}-choices">${groups.map(({ title, choices }) => markup`<fieldset><legend>${title}</legend>${choices.map(choice)}</fieldset>`)}</div>`;
}

/** Returns the result codes that a scenario can force for an operation, except SUCCESS, which is the default. */
export const scenarioGroup = (operation: OperationId): ChoiceGroup => ({
  title: operation,
  choices: getScenarioCodes(operation)
    .filter((code) => code !== "SUCCESS")
    .map((code) => ({
      value: `${operation} ${code}`,
      title: code,
      explanation: explainCode(operation, code),
    })),
});

function explainCode(operation: OperationId, code: string): string {
  const rows = [...resultCodes[operation], ...vaultingResultCodes];
  return rows.find((row) => row.code === code)?.meaning ?? NO_URL_EXPLANATION;
}

const NO_URL_EXPLANATION = "VERIFICATION_IN_PROCESS without a challenge URL. No vaulting is created.";

let explanations: Readonly<Record<string, string>> | undefined;

/** Returns the faults with their explanations from the control API's OpenAPI document. */
export function faultGroups(): readonly ChoiceGroup[] {
  explanations ??= parseGenerated<ControlDocument>("control.json").components.schemas.FaultKind["x-enum-descriptions"];
  const toChoice = (fault: string): Choice => ({
    value: fault,
    title: fault,
    explanation: explanations?.[fault] ?? "",
  });
  return [
    { title: "API calls", choices: [...RESPONSE_FAULTS, ERROR_FAULT].map(toChoice) },
    { title: "Notifications", choices: NOTIFICATION_FAULTS.map(toChoice) },
  ];
}

interface ControlDocument {
  readonly components: {
    readonly schemas: { readonly FaultKind: { readonly "x-enum-descriptions": Readonly<Record<string, string>> } };
  };
}
