/** How decisions about domains are told: by the registrar, by a registration, by its contact. */
import { reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import type { DecisionRecord } from '../../trace/trace.ts';

export const PAGE = 'Developer Guide, welcome-domain-registration';

/** What a decision about a domain tells beside its words. */
export interface RegistrationDetail {
  /** "example.com". */
  readonly domain: string;
  /** What was ordered: "register", "delegate", "transfer", "ds". */
  readonly kind?: string;
  /** When more comes of it by itself. */
  readonly due?: Instant;
}

/** A decision about a domain. Its rule tells how far it has come: "ordered", "zone-appears", "listed", "on-hold" … */
export const say = (
  rule: string,
  outcome: string,
  found: string,
  detail: RegistrationDetail,
  source = PAGE,
): { decision: DecisionRecord } => ({
  decision: {
    about: 'registration',
    outcome,
    asked: [{ question: 'How far is it?', found, yes: true }],
    reasons: [reason(rule, outcome, source)],
    detail,
  },
});
