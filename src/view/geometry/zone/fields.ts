/** What the forms of the console have in common: how a field becomes the API's value, and what is said of one that is wrong. */
import type { JsonObject, JsonValue } from '../../../route53/formats/json.ts';

/** A fault at one of a form's fields. */
export interface FormFault<Field extends string> {
  readonly field: Field;
  /** "Needed: an IPv4 address." */
  readonly words: string;
  /** As the service says it. */
  readonly said: string;
}

/** A whole number where one was typed; the text itself otherwise, for the service to refuse. */
export const numberIn = (text: string): JsonValue => (/^-?\d+$/.test(text.trim()) ? Number(text) : text);

/** Equal for equal objects, in whatever order their fields stand. */
export const canonical = (json: JsonObject): string => JSON.stringify(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));
