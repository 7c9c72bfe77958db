/** The hosted zone: its records, why it answered so, and what happens when somebody changes them. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './stage.ts';

const zoneOf = (page: Page): Locator => page.getByRole('region', { name: 'Hosted zone' });

async function openZone(page: Page): Promise<Locator> {
  await page.keyboard.press('z');
  await expect(zoneOf(page).getByRole('heading', { name: 'example.com.' })).toBeVisible();
  return zoneOf(page);
}

test('before anybody asks there is nothing to explain; afterwards the answer tells its reasons', async ({ stage, page }) => {
  await stage.open('first-visit@30ms');
  const zone = await openZone(page);
  await expect(zone.getByRole('table', { name: 'Records' }).getByRole('row')).toHaveCount(5);
  const why = zone.getByRole('region', { name: 'Why this answer' });
  await expect(why).toContainText('Nobody has asked this zone yet');
  await page.keyboard.press('End');
  await expect(why).toContainText('asked ns-2048 for www.example.com A, at 68.0 ms');
  await expect(why.getByRole('img', { name: 'Answer, AA 1: 192.0.2.44, TTL 300' })).toBeVisible();
  await why.getByRole('button', { name: 'Show on the map' }).click();
  await expect(stage.map).toBeVisible();
});

test('a record is changed by the keyboard alone, refused while it is wrong, and taken back by undo', async ({ stage, page }) => {
  await stage.open('first-visit@30ms');
  const zone = await openZone(page);
  await zone.getByRole('button', { name: 'Change www A' }).press('Enter');
  const form = zone.getByRole('form', { name: 'Change www.example.com A' });
  const value = form.getByLabel('Value');
  await value.fill('192.0.2.999');
  await expect(form).toContainText('Needed: an IPv4 address');
  await expect(form.getByRole('button', { name: 'Save record' })).toBeDisabled();
  await value.fill('192.0.2.45');
  await form.getByLabel('TTL, seconds').fill('60');
  await form.getByLabel('TTL, seconds').press('Enter');
  const row = zone.getByRole('row', { name: /^www/ });
  await expect(row).toContainText('192.0.2.45');
  await page.keyboard.press('Escape');
  await expect(zone.getByRole('region', { name: 'Changes' })).toContainText('www.example.com. 60 IN A 192.0.2.45');
  await page.keyboard.press('End');
  await expect(zone.getByRole('img', { name: 'Answer, AA 1: 192.0.2.45, TTL 60' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(row).toContainText('192.0.2.44');
});

test('N adds a record, which answers from then on; the link carries it', async ({ stage, page }) => {
  await stage.open('first-visit@30ms');
  const zone = await openZone(page);
  await page.keyboard.press('n');
  const form = zone.getByRole('form', { name: 'New record' });
  await expect(form.getByLabel('Record name')).toBeFocused();
  await page.keyboard.type('*.new');
  await form.getByLabel('Value').fill('192.0.2.80');
  await form.getByRole('button', { name: 'Save record' }).click();
  const tool = zone.getByRole('form', { name: 'Test the answer' });
  await tool.getByLabel('Record name').fill('any.new.example.com');
  await tool.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(tool).toContainText('NOERROR');
  await expect(tool).toContainText('192.0.2.80');
  await stage.button('Copy link').click();
  await expect(stage.alert).toContainText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  await expect(zoneOf(page).getByRole('row', { name: /^\*\.new/ })).toContainText('192.0.2.80');
});

test('a zone file becomes a small Internet of its own, and leaves as Route 53 lists it', async ({ stage, page }) => {
  await stage.open();
  const zone = await openZone(page);
  const text = '$ORIGIN blue-otter.com.\n$TTL 600\n@ SOA ns.example. host.example. 7 7200 900 1209600 300\nwww A 192.0.2.80\n';
  await zone
    .getByLabel('Import a zone file')
    .setInputFiles({ name: 'mine.zone', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await expect(zone.getByRole('row', { name: /^www/ })).toContainText('192.0.2.80');
  await page.keyboard.press('End');
  await expect(zone.getByRole('region', { name: 'Why this answer' })).toContainText('for www.blue-otter.com A');
  const waiting = page.waitForEvent('download');
  await zone.getByRole('button', { name: 'Export' }).click();
  const saved = await waiting;
  expect(saved.suggestedFilename()).toBe('blue-otter.com.json');
  const wrong = { name: 'wrong.zone', mimeType: 'text/plain', buffer: Buffer.from(text.replace('.80', '.800')) };
  await zone.getByLabel('Import a zone file').setInputFiles(wrong);
  await expect(page.getByRole('dialog')).toContainText('wrong.zone');
});

for (const [form, width, height] of [
  ['wide', 1440, 900],
  ['tablet', 1024, 768],
  ['phone', 390, 844],
] as const)
  test(`on a ${form} screen nothing overflows, and the accessibility scan finds nothing`, async ({ stage, page }) => {
    await page.setViewportSize({ width, height });
    await stage.open('first-visit@90ms');
    const zone = await openZone(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    await zone.getByRole('button', { name: 'Change www A' }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await zone.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
  });

test('a check that an export only names counts as healthy, and may be told to fail', async ({ stage, page }) => {
  const id = '11111111-2222-3333-4444-555555555555';
  const record = (SetIdentifier: string, Failover: string, Value: string, more: object) => ({
    Name: 'www.example.org.',
    Type: 'A',
    SetIdentifier,
    Failover,
    TTL: 60,
    ResourceRecords: [{ Value }],
    ...more,
  });
  const records = [record('p', 'PRIMARY', '192.0.2.60', { HealthCheckId: id }), record('s', 'SECONDARY', '192.0.2.61', {})];
  await stage.open();
  const zone = await openZone(page);
  await zone.getByLabel('Import a zone file').setInputFiles({
    name: 'example.org.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ ResourceRecordSets: records })),
  });
  await expect(stage.alert).toContainText('counts as healthy');
  await stage.alert.getByRole('button', { name: 'Close' }).click();
  const tool = zone.getByRole('form', { name: 'Test the answer' });
  await tool.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(tool).toContainText('192.0.2.60');
  await zone.getByRole('button', { name: `Open the health check ${id}` }).click();
  await zone.getByRole('button', { name: 'it fails?' }).click();
  await expect(tool).toContainText('192.0.2.61');
  await expect(zone.getByRole('region', { name: 'Why this answer' })).toContainText(
    'The primary is unhealthy, so the secondary takes over',
  );
});
