/** How the console stands: which page, which zone, and as whom one is signed in. It outlasts the way to another view and back. */
import type { Line } from '../../scenario/schema.ts';
import { signedBy } from '../geometry/console/people.ts';
import type { Stage } from './context.ts';

export const PAGES = [
  'Records',
  'Zones',
  'Traffic policies',
  'CIDR collections',
  'Query log',
  'DNSSEC',
  'VPCs',
  'Changes',
] as const;
export type DeskPage = (typeof PAGES)[number];

class Desk {
  page = $state.raw<DeskPage>('Records');
  /** The word of the zone that was chosen; absent while none was. */
  zone = $state.raw<string | undefined>();
  /** One of the people; an administrator unless chosen otherwise. */
  person = $state.raw('administrator');

  /** Makes a change at the present moment in the name of whoever is signed in. */
  async act({ theatre, player }: Pick<Stage, 'theatre' | 'player'>, line: Line, words: string): Promise<void> {
    player.pause();
    await theatre.whatIf(signedBy(line, this.person), words);
  }

  show(page: DeskPage, zone?: string): void {
    if (zone !== undefined) this.zone = zone;
    this.page = page;
  }
}

export const desk = new Desk();
