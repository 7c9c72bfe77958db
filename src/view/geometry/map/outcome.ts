/** How a program's questions ended, in the words and lines of its window. */
import type { RecordType } from '../../../dns/record.ts';
import type { Conclusion } from '../../../trace/trace.ts';
import { bare, valueText } from '../slips/text.ts';

export interface Outcome {
  readonly head: string;
  readonly lines: readonly string[];
  /** The lines are data, not sentences. */
  readonly mono: boolean;
}

/** Lines of records for which there is room. */
const MOST = 3;

/** Undefined while nothing has been found out, and where a page says it. */
export function outcomeOf(conclusion: Conclusion | undefined, type: RecordType | undefined): Outcome | undefined {
  switch (conclusion?.kind) {
    case 'answered':
      return answered(conclusion, type);
    case 'failed':
      return said(
        'There was no answer.',
        conclusion.reasons.slice(0, 1).map((reason) => reason.text),
      );
    case 'delivered':
      return said('The letter is delivered', [`To ${bare(conclusion.host)}, at ${conclusion.address}.`]);
    default:
      return undefined;
  }
}

function answered({ records, rcode }: Conclusion & { kind: 'answered' }, type: RecordType | undefined): Outcome {
  if (rcode === 'NXDOMAIN') return said('There is no such name.', []);
  if (rcode !== 'NOERROR') return said('The question was not answered.', [rcode]);
  const wanted = records.filter((r) => r.type !== 'RRSIG' && (r.type === type || type === undefined || type === 'ANY'));
  if (wanted.length === 0) return said(`There are no ${type ?? ''} records.`, ['The name exists, with records of other types.']);
  const lines = wanted.slice(0, wanted.length > MOST ? MOST - 1 : MOST).map(valueText);
  const more = wanted.length - lines.length;
  return {
    head: wanted.length === 1 ? `One ${type ?? ''} record` : `${wanted.length} ${type ?? ''} records`,
    lines: [...new Set(lines), ...(more > 0 ? [`and ${more} more`] : [])],
    mono: true,
  };
}

const said = (head: string, lines: readonly string[]): Outcome => ({ head, lines, mono: false });
