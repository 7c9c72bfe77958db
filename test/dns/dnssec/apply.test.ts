import { expect, test } from 'vitest';
import { instant, START_DATE, seconds } from '../../../src/base/time.ts';
import { judgedSets, validationRules } from '../../../src/dns/dnssec/apply.ts';
import { memo } from '../../../src/dns/dnssec/memo.ts';
import { DEFAULT_SETTINGS } from '../../../src/dns/resolve/settings.ts';
import { inInternet } from './asking.ts';
import { internet, WINDOW } from './sample.ts';

const { validation } = DEFAULT_SETTINGS;
const validator = { anchors: new Map(), memo: memo<boolean>() };

test('signatures are checked at the date of the settings, or by the run’s own clock', () => {
  const at = instant(seconds(90.5));
  expect(validationRules({ ...validation, date: 5 }, validator, at).date).toBe(5);
  expect(validationRules(validation, validator, at).date).toBe(START_DATE + 90);
});

test('a secure set is kept no longer than its signature is good', () => {
  const { verdict, subject } = inInternet(internet(), 'www.example.com.', 'A', { rules: { date: WINDOW.expiration - 10 } });
  expect(verdict.status).toBe('secure');
  expect(judgedSets(subject.answer, verdict).map((set) => set.ttl)).toEqual([10]);
  expect(judgedSets(subject.answer, { ...verdict, status: 'insecure' }).map((set) => set.ttl)).toEqual([3600]);
});

test('what could not be checked is left out of a secure reply', () => {
  const { verdict, subject } = inInternet(internet(), 'www.example.com.', 'A');
  const [set] = subject.answer;
  expect(set && judgedSets(subject.answer, { ...verdict, unchecked: [set] })).toEqual([]);
});
