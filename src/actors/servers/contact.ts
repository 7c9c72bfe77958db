/**
 * Who is answerable for a domain. The registrar writes to an e-mail address that it does not know yet; when nobody follows the
 * link in time, the domain is put on hold, until somebody does.
 */
import { setup } from 'xstate';
import { type Duration, formatDuration, later } from '../../base/time.ts';
import type { DecisionRecord, InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given, givenOf } from '../effects.ts';
import { say } from './domainNews.ts';

export interface ContactInput {
  readonly domain: string;
  /** The registration that is put on hold. */
  readonly registration: InstancePath;
  /** "ana@example.net". */
  readonly address: string;
  /** Whether the registrar knows the address to be right. */
  readonly verified: boolean;
  /** Within what time the address must be verified. */
  readonly within: Duration;
}

/** The timer that does not keep a run going. */
export const VERIFICATION_TIMER = 'verification';

const SOURCE = 'Developer Guide, domain-register; ICANN, WHOIS Accuracy Program Specification, 1(f)';

const base = setup({
  types: {
    context: {} as ContactInput,
    events: {} as { readonly type: 'verify'; readonly given: Given },
    input: {} as ContactInput & { readonly given: Given },
  },
  actions: effectActions,
  guards: { isVerified: ({ context }) => context.verified },
  delays: { verification: ({ context }) => context.within },
});

const told = (rule: string, outcome: string, found: string, domain: string): { decision: DecisionRecord } =>
  say(rule, outcome, found, { domain }, SOURCE);

const verified = {
  type: 'decide',
  params: ({ context: { domain, address } }: { context: ContactInput }) =>
    told('verified', `${address}, the contact of ${domain}, is verified`, 'the link was followed', domain),
} as const;

/** The chart of the contact of one domain. */
export const contact = base.createMachine({
  id: 'contact',
  description: 'Whether somebody answers for a domain under the e-mail address that was given.',
  options: { maxIterations: 100 },
  context: ({ input: { domain, registration, address, verified, within } }) => ({
    domain,
    registration,
    address,
    verified,
    within,
  }),
  initial: 'taking',
  states: {
    taking: {
      description: 'taking down the address',
      meta: { note: 'Is this an address that somebody has verified before?', ref: SOURCE },
      always: [
        {
          guard: 'isVerified',
          target: 'verified',
          actions: {
            type: 'decide',
            params: ({ context: { domain, address } }) =>
              told('verified', `${address}, the contact of ${domain}, is verified already`, 'known from before', domain),
          },
          description: 'known from before',
        },
        { target: 'asked', description: 'an address that nobody has verified' },
      ],
    },
    asked: {
      description: 'asked: an e-mail is on its way',
      meta: { note: 'Until the link in the e-mail is followed, the clock runs. The name works meanwhile.', ref: SOURCE },
      entry: {
        type: 'decide',
        params: ({ context: { domain, address, within }, event }) =>
          say(
            'asked-to-verify',
            `An e-mail asks ${address} to verify the address within ${formatDuration(within)}`,
            'not verified',
            { domain, due: later(givenOf(event).at, within) },
            SOURCE,
          ),
      },
      on: { verify: { target: 'verified', actions: verified, description: 'the link is followed' } },
      after: {
        verification: {
          target: 'overdue',
          actions: [
            {
              type: 'decide',
              params: ({ context: { domain, address, within } }) =>
                told('not-verified', `Nobody has verified ${address} in ${formatDuration(within)}`, 'no answer', domain),
            },
            {
              type: 'tell',
              params: ({ context }) => ({ to: context.registration, event: { type: 'hold' } }),
            },
          ],
          description: 'nobody answers in time',
        },
      },
    },
    overdue: {
      description: 'overdue: the domain is on hold',
      meta: { note: 'The link still works: following it releases the domain.', ref: SOURCE },
      on: {
        verify: {
          target: 'verified',
          actions: [
            verified,
            { type: 'tell', params: ({ context }) => ({ to: context.registration, event: { type: 'release' } }) },
          ],
          description: 'the link is followed after all',
        },
      },
    },
    verified: {
      description: 'verified',
      meta: { note: 'Somebody answers for the domain.', ref: SOURCE },
    },
  },
});
