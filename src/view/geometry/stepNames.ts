/** The nine steps by name, as long as there is room for. */
import { isSubdomain, labels, type Name, name } from '../../dns/name.ts';
import { zoneName } from '../../trace/describe.ts';
import type { Scene } from '../../trace/scene.ts';
import { type PassPurpose, type StepNumber, stepsAt, type Visit } from '../../trace/steps.ts';
import type { Cast } from './cast.ts';

/** What the screen calls the steps of a visit, with the names of its zones; from the fullest to the shortest. */
export interface StepNames {
  /** With the question of a pass: how the step is called on that walk, which may have been for another name, or another visit’s. */
  readonly full: (step: StepNumber, question?: string, of?: Visit) => readonly string[];
}

/** What of a moment the names depend on. */
type Told = Pick<Scene, 'visit' | 'steps'>;

/** The names for a visit whose zones are known. */
export function stepNames(scene: Scene, cast: Cast): StepNames {
  const top = cast.zones[1].zone ?? cast.zones[1].wanted;
  const tld = zoneName(top);
  const servers = cast.zones[2].servers.length;
  const one = servers === 4 ? 'Ask one of the four' : 'Ask one of its servers';
  const topOf = (question: string | undefined): string => {
    const [asked = ''] = question?.split(' ') ?? [];
    return asked === '' || isSubdomain(asked as Name, top) ? tld : zoneName(name(`${labels(asked as Name).at(-1)}.`));
  };
  const namesWith = (tld: string, { visit, steps }: Told): Record<StepNumber, readonly string[]> => {
    const action = visit?.action ?? 'visit';
    const purposes = (n: StepNumber): readonly PassPurpose[] => {
      const at = steps[n - 1];
      return at?.step.passes.slice(0, at.pass).map((pass) => pass.purpose) ?? [];
    };
    const no =
      steps[6]?.state !== 'pending' &&
      steps[6]?.step.outcome === 'done' &&
      visit?.conclusion?.kind === 'error-page' &&
      visit.addressAt !== undefined;
    return {
      1: ['Type', ''],
      2: ['Ask', ''],
      3: ['Ask a root server', 'Ask root', ''],
      4: purposes(4).includes('retry')
        ? [`Ask a ${tld} server, then ask another`, `Ask ${tld}, twice`, `Ask ${tld}`]
        : [`Ask a ${tld} server`, `Ask ${tld}`, ''],
      5: [one, 'Ask one', ''],
      6: purposes(6).includes('tcp') ? ['Cut short, then by TCP', 'By TCP', ''] : ['Look in the zone', 'Look', ''],
      7: no ? ['Return the “no”', 'Return', ''] : ['Return', ''],
      8:
        action === 'mail'
          ? ['Bring the letter by SMTP', 'SMTP, no GET', 'SMTP']
          : action === 'ask'
            ? ['No GET', 'No GET', '']
            : ['Connect and send GET', 'Send GET', 'GET'],
      9: action === 'visit' ? ['Show the page', 'Page', ''] : ['No page', ''],
    };
  };
  const own = namesWith(tld, scene);
  return {
    full(step, question, visit = scene.visit) {
      const other = topOf(question);
      if (visit && visit.number !== scene.visit?.number)
        return namesWith(other, { visit, steps: stepsAt(visit, scene.position.at) })[step];
      return (other === tld ? own : namesWith(other, scene))[step];
    },
  };
}
