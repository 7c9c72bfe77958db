/** What was asked of Route 53's control plane until an instant: by whom, what became of it, and which server has it since when. */
import type { Instant } from '../../../base/time.ts';
import type { Fault } from '../../../route53/faults.ts';
import { hostedZoneDetail } from '../../../scenario/route53/hostedZoneDetail.ts';
import { CONTROL_HOST } from '../../../scenario/route53/requests.ts';
import type { Line } from '../../../scenario/schema.ts';
import { memoised } from '../../../trace/memo.ts';
import type { Effect, StimulusId, Trace } from '../../../trace/trace.ts';
import { requestOf } from './people.ts';

export interface Request {
  readonly stimulus: StimulusId;
  readonly at: Instant;
  /** "change example.com: UPSERT www.example.com A", without who did it. */
  readonly text: string;
  /** Whoever is named in the line; an administrator unless told. */
  readonly by: string;
  readonly whatIf: boolean;
  /** The word of the zone that it changes; absent for what concerns none. */
  readonly zone?: string;
  /** Why it was refused; empty when it was accepted. */
  readonly faults: readonly Fault[];
  /** "accepted, PENDING", "refused. AccessDenied: …". */
  readonly outcome: string;
  readonly change?: RequestedChange;
}

/** A change on its way to the name servers. */
export interface RequestedChange {
  /** "C0EXAMPLE00000001". */
  readonly id: string;
  readonly comment?: string;
  /** Each server and the instant from which it answers from the new data, the quickest first. */
  readonly servers: readonly { readonly name: string; readonly at: Instant }[];
}

/** All requests of a trace up to an instant, the newest first. */
export function requestsAt(trace: Trace, until: Instant): Request[] {
  return requestsOf(trace)
    .filter(({ at }) => at <= until)
    .reverse();
}

/** The last request up to an instant that the reader made, and that is not undone; undefined when there is none. */
export const lastOwnRequest = (trace: Trace, until: Instant): Request | undefined =>
  requestsOf(trace)
    .filter(({ at, whatIf }) => whatIf && at <= until)
    .sort((a, b) => a.stimulus - b.stimulus)
    .at(-1);

const requestsOf = memoised((trace: Trace): readonly Request[] => {
  const verdicts = new Map<StimulusId, Pick<Request, 'faults' | 'outcome' | 'change'>>();
  for (const { host, cause, effects } of trace.turns)
    if (host === CONTROL_HOST && cause.kind === 'stimulus')
      for (const effect of effects) {
        const verdict = verdictIn(trace, effect, effects);
        if (verdict) verdicts.set(cause.stimulus, verdict);
      }
  return trace.stimuli
    .filter(({ line }) => requestOf(line as Line) !== undefined)
    .sort((a, b) => a.at - b.at || a.id - b.id)
    .map(({ id, at, text, whatIf, line }): Request => {
      const by = (line as { readonly by?: string }).by;
      const zone = zoneIn(line as Line);
      return {
        stimulus: id,
        at,
        text: by !== undefined && text.startsWith(`${by}: `) ? text.slice(by.length + 2) : text,
        by: by ?? 'administrator',
        whatIf,
        ...(zone === undefined ? {} : { zone }),
        ...(verdicts.get(id) ?? { faults: [], outcome: 'accepted' }),
      };
    });
});

function verdictIn(
  trace: Trace,
  effect: Effect,
  effects: readonly Effect[],
): Pick<Request, 'faults' | 'outcome' | 'change'> | undefined {
  if (effect.kind !== 'decide') return undefined;
  const { about, outcome, detail } = effect.decision;
  const told = outcome.slice(outcome.indexOf(': ') + 2);
  if (about === 'refusal') return { faults: detail as readonly Fault[], outcome: told };
  if (about !== 'change') return undefined;
  const started = effects.find((one) => one.kind === 'start' && one.machine === 'zonechange');
  const change = started?.kind === 'start' ? changeCalled(trace, started.instance.split('/')[1] ?? '') : undefined;
  return { faults: [], outcome: told, ...(change ? { change } : {}) };
}

function changeCalled(trace: Trace, id: string): RequestedChange | undefined {
  for (const zoneChange of trace.zoneChanges) {
    const { change, nameServers } = hostedZoneDetail(zoneChange) ?? {};
    if (change?.id !== id) continue;
    const servers = change.adoptedAt.map((at, i) => ({ name: nameServers?.[i]?.split('.')[0] ?? `server ${i + 1}`, at }));
    const { comment } = change;
    return { id, ...(comment === undefined ? {} : { comment }), servers: servers.sort((a, b) => a.at - b.at) };
  }
  return undefined;
}

const ZONE_VERBS: readonly string[] = [
  'edit',
  'change',
  'undo',
  'lightsail',
  'createZone',
  'deleteZone',
  'associate',
  'disassociate',
  'sign',
  'unsign',
  'signingKey',
];

function zoneIn(line: Line): string | undefined {
  const action = requestOf(line);
  if (action === undefined || !ZONE_VERBS.includes(action)) return undefined;
  return String((line as unknown as Record<string, unknown>)[action]);
}

/** PENDING until the last server has it (API Reference, GetChange); absent for what no server has to take. */
export const statusAt = ({ change }: Request, now: Instant): 'PENDING' | 'INSYNC' | undefined =>
  change && (change.servers.every(({ at }) => at <= now) ? 'INSYNC' : 'PENDING');
