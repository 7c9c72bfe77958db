/** Forged answers: what an attacker sends under a false address, guessing at what only the resolver knows. */
import type { Forge, Forgery } from '../actors/attacker.ts';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/time.ts';
import { query, response } from '../dns/message.ts';
import type { ResourceRecord } from '../dns/record.ts';
import { encode } from '../dns/wire/encode.ts';
import { draw } from '../sim/random.ts';

/** What is forged, and how. */
export interface ForgingPlan {
  /** The lie; its first record says which question it answers. */
  readonly records: readonly ResourceRecord[];
  /** Whose answer it pretends to be. */
  readonly server: Address;
  readonly resolver: Address;
  readonly times: number;
  readonly every: Duration;
  /** Known to the attacker; guessed anew for each forgery when absent. */
  readonly id?: number;
  readonly port?: number;
  /** Chooses the guesses. */
  readonly seed: number;
}

const FIRST_PORT = 1024;

/** The forgeries of a plan. */
export function forging(plan: ForgingPlan): Forge {
  const forgeries = Array.from({ length: plan.times }, (_, i) => forgery(plan, i));
  return { type: 'forge', forgeries, every: plan.every };
}

function forgery({ records, server, resolver, id, port, seed }: ForgingPlan, i: number): Forgery {
  const guess = (what: string, from: number): number => from + Math.floor(draw(seed, `forgery/${what}`, i) * (0x10000 - from));
  const [first] = records;
  if (!first) throw new Error('a forgery without a record');
  const asked = query(id ?? guess('id', 0), { name: first.name, type: first.type, class: 'IN' });
  const lie = response(asked, { flags: { aa: true }, answer: records });
  return {
    from: { address: server, port: 53 },
    to: { address: resolver, port: port ?? guess('port', FIRST_PORT) },
    bytes: encode(lie),
  };
}
