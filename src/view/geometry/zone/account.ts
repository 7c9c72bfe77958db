/** What an account holds at an instant of a trace: what the scenario begins with, and the lines that the control plane took since. */
import type { Cidr } from '../../../base/address.ts';
import type { Instant } from '../../../base/time.ts';
import type { CidrCollection } from '../../../route53/routing/cidr.ts';
import type { CollectionDetail } from '../../../scenario/route53/collectionLines.ts';
import { type Holdings, readHoldings } from '../../../scenario/route53/holdings.ts';
import { CONTROL_HOST } from '../../../scenario/route53/requests.ts';
import type { Line, Scenario } from '../../../scenario/schema.ts';
import type { StimulusRecord, Trace, TurnId } from '../../../trace/trace.ts';

const kept = new WeakMap<Scenario, Holdings>();

/** What a scenario's account holds at the start. */
export function holdingsOf(scenario: Scenario): Holdings {
  const known = kept.get(scenario) ?? readHoldings([scenario.world ?? {}], () => [], false);
  kept.set(scenario, known);
  return known;
}

/** A line of the scenario that the control plane took, and the turn in which it did. */
export interface TakenLine {
  readonly at: Instant;
  readonly turn: TurnId;
  readonly line: Line;
}

const taken = new WeakMap<Trace, readonly TakenLine[]>();

/** Lines that asked the control plane for something and were not refused, up to an instant, in order of time. */
export function takenLines(trace: Trace, until: Instant): readonly TakenLine[] {
  const known = taken.get(trace) ?? readTaken(trace);
  taken.set(trace, known);
  return known.filter(({ at }) => at <= until);
}

function readTaken(trace: Trace): TakenLine[] {
  return trace.turns.flatMap(({ id, at, host, cause, effects }): TakenLine[] => {
    if (host !== CONTROL_HOST || cause.kind !== 'stimulus') return [];
    const stimulus: StimulusRecord | undefined = trace.stimuli[cause.stimulus];
    const isTaken = effects.some((effect) => effect.kind === 'decide' && effect.decision.about === 'change');
    return stimulus && isTaken ? [{ at, turn: id, line: stimulus.line as Line }] : [];
  });
}

/** The CIDR collections at an instant, by their ids. */
export function collectionsAt(trace: Trace, scenario: Scenario, at: Instant): ReadonlyMap<string, CidrCollection> {
  const collections = new Map(holdingsOf(scenario).account.cidrCollections);
  for (const { turn } of takenLines(trace, at))
    for (const effect of trace.turns[turn]?.effects ?? []) {
      if (effect.kind !== 'decide') continue;
      const told = (effect.decision.detail as Partial<CollectionDetail> | undefined)?.collection;
      if (!told) continue;
      const { id, version } = told;
      if (told.deleted) {
        collections.delete(id);
        continue;
      }
      collections.set(id, {
        id,
        name: id,
        version,
        locations: new Map(Object.entries(told.locations).map(([name, blocks]) => [name, blocks.map((block) => block as Cidr)])),
      });
    }
  return collections;
}
