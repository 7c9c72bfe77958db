/** Matching of patterns (see `pattern-fields.ts`) against a trace. */
import type { Subject } from './pattern-fields.ts';

export type Scalar = string | number | boolean;
/** One value, any of several, all but some, or a range. */
export type Matcher = Scalar | readonly Scalar[] | { readonly not?: Matcher; readonly min?: number; readonly max?: number };
/** Fields of one subject; all must fit. */
export type Selector = { readonly [field: string]: Matcher | undefined };
/** A subject and its fields: `{ message: { kind: referral } }`. Exactly one. */
export type Pattern = { readonly [S in Subject]?: Selector };
