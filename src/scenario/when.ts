/** When a line of a scenario happens: the fields that all of them share. */
import * as v from 'valibot';
import { duration, mapping, text, word } from './words.ts';

const { optional } = v;

/** The alarm that a line waits for, in place of a time: the line is then the function that the alarm runs. */
const on = mapping({
  alarm: text('the id of the health check whose alarm is meant'),
  becomes: optional(word(['ALARM', 'OK'])),
});

export const when = {
  at: optional(duration),
  after: optional(duration),
  on: optional(on),
  id: optional(text('a name for this line')),
};
