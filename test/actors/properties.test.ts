import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stimulus } from '../../src/actors/world.ts';
import { milliseconds } from '../../src/base/time.ts';
import { corruption, duplication, jitter, loss } from '../../src/sim/rules.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { a, aaaa, handing, knowing, LAPTOP, LAPTOP6, laptop, places, play, visit, web, www } from './world.ts';

const line = fc.record({
  at: fc.integer({ min: 0, max: 20_000 }),
  what: fc.constantFrom('www.example.com', 'wwww.example.com', 'two words', '192.0.2.44', 'ask', 'send', 'stop', 'start'),
});
const story = fc.record({
  seed: fc.nat(),
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  loss: fc.constantFrom(0, 0.1, 0.5),
  corruption: fc.constantFrom(0, 0.2),
  duplication: fc.constantFrom(0, 0.3),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

function stimulusOf({ at, what }: Story['lines'][number], whatIf = false): Stimulus {
  const of = (): Stimulus => {
    if (what === 'ask') return handing(at, 'laptop', 'laptop/program', { type: 'ask', name: www, recordType: 'A' });
    if (what === 'send') return handing(at, 'laptop', 'laptop/mail', { type: 'send', to: 'user@www.example.com' });
    if (what === 'stop') return { ...visit(at), apply: (world) => world.stop('web', 'refusing') };
    if (what === 'start') return { ...visit(at), apply: (world) => world.start('web') };
    return visit(at, what);
  };
  return { ...of(), whatIf };
}

const playStory = (told: Story, more: readonly Stimulus[] = []): Trace =>
  play(
    [...told.lines.map((one) => stimulusOf(one)), ...more],
    [laptop({ addresses: [LAPTOP, LAPTOP6] }), knowing([a(), aaaa()]), web()],
    {
      seed: told.seed,
      rules: [
        { name: 'latency', rule: places },
        { name: 'jitter', rule: jitter(milliseconds(3)) },
        { name: 'loss', rule: loss(told.loss) },
        { name: 'corruption', rule: corruption(told.corruption) },
        { name: 'duplication', rule: duplication(told.duplication) },
      ],
    },
  );

const check = (property: (told: Story) => void, numRuns = 30): void => fc.assert(fc.property(story, property), { numRuns });

describe('every run, whatever is lost, damaged or doubled on the way', () => {
  it('gives equal traces when it is run again', () => {
    check((told) => {
      expect(playStory(told)).toEqual(playStory(told));
    }, 15);
  });

  it('leaves every earlier turn and fate as it was when a line is added later', () => {
    fc.assert(
      fc.property(story, line, (told, added) => {
        const at = added.at * 1000;
        const [before, after] = [playStory(told), playStory(told, [stimulusOf(added, true)])];
        const past = ({ turns }: Trace) => turns.filter((turn) => turn.at < at);
        expect(past(after)).toEqual(past(before));
        const fates = ({ packets }: Trace) => packets.filter(({ fate }) => fate.at < at);
        expect(fates(after)).toEqual(fates(before));
      }),
      { numRuns: 30 },
    );
  });

  it('numbers packets, messages and turns by their places, and gives each packet a fate after its sending', () => {
    check(({ ...told }) => {
      const { packets, messages, turns } = playStory(told);
      expect(packets.map(({ id }) => id)).toEqual(packets.map((_, i) => i));
      expect(messages.map(({ id }) => id)).toEqual(messages.map((_, i) => i));
      expect(turns.map(({ id }) => id)).toEqual(turns.map((_, i) => i));
      for (const { fate, sentAt, turn } of packets) {
        expect(fate.at).toBeGreaterThanOrEqual(sentAt);
        expect(turns[turn]?.at).toBe(sentAt);
      }
    });
  });

  it('names for every turn but a stimulus the earlier turn that caused it', () => {
    check((told) => {
      for (const { id, cause, causedBy } of playStory(told).turns) {
        if (cause.kind === 'stimulus') expect(causedBy).toBeUndefined();
        else expect(causedBy).toBeLessThan(id);
      }
    });
  });

  it('concludes everything that was asked of a client, once', () => {
    check((told) => {
      const { turns } = playStory(told);
      const of = (path: string) =>
        turns.flatMap(({ effects }) => effects.filter((effect) => effect.kind === 'conclude' && effect.instance === path)).length;
      const asked = (...what: string[]) => told.lines.filter((one) => what.includes(one.what)).length;
      expect(of('laptop/program')).toBe(asked('ask'));
      expect(of('laptop/mail')).toBe(asked('send'));
      expect(of('laptop')).toBe(told.lines.length - asked('ask', 'send', 'stop', 'start'));
    });
  });
});
