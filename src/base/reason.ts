/** Why something was decided: whatever decides says so, for people and for tests. */

/** One reason: the rule's short name, a sentence in plain words, and where the rule is written. */
export interface Reason {
  /** Short stable name, as tests and transcripts print it: "closest-delegation". */
  readonly rule: string;
  /** One sentence, present tense, plain words. */
  readonly text: string;
  /** RFC section or AWS page: "RFC 1034 §4.3.2". */
  readonly source?: string;
}

/** A value together with the reasons that led to it, in the order in which they were weighed. */
export interface Explained<T> {
  readonly value: T;
  readonly reasons: readonly Reason[];
}

export const reason = (rule: string, text: string, source?: string): Reason =>
  source === undefined ? { rule, text } : { rule, text, source };

export const explained = <T>(value: T, ...reasons: readonly Reason[]): Explained<T> => ({ value, reasons });
