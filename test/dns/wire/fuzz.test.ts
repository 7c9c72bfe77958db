import { expect, test } from 'vitest';
import { fuzzDecode } from '../../fuzz/decode.ts';

test('20,000 mutated messages decode or give a form error, each within 64 steps an octet', () => {
  const met = fuzzDecode(20_000, 2_026);
  expect(met.messages).toBe(20_000);
  // The mutations reach each way a message can be wrong.
  expect(met.formErrors).toBeGreaterThan(5_000);
  expect(met.unfit).toBeGreaterThan(500);
  expect(met.trailing).toBeGreaterThan(500);
});
