/** The console's forms: alias records, health checks, weights, and who would get what. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './stage.ts';

async function openZone(page: Page): Promise<Locator> {
  await page.keyboard.press('z');
  const zone = page.getByRole('region', { name: 'Hosted zone' });
  await expect(zone.getByRole('heading', { name: 'example.com.' })).toBeVisible();
  return zone;
}

test('an alias record at the apex is made, answers with its target’s addresses, and is taken back', async ({ stage, page }) => {
  await stage.open('first-visit@200ms');
  const zone = await openZone(page);
  await page.keyboard.press('n');
  const form = zone.getByRole('form', { name: 'New record' });
  await form.getByRole('checkbox', { name: /^Alias/ }).check();
  await expect(form.getByLabel('TTL, seconds')).toBeHidden();
  await form.getByLabel('Routes to').selectOption('CloudFront');
  await expect(form.getByRole('checkbox', { name: /Evaluate target health/ })).toBeDisabled();
  await form.getByLabel('Routes to').selectOption('record');
  await form.getByLabel('Target', { exact: true }).selectOption('shop.example.com');
  await form.getByRole('button', { name: 'Save record' }).click();
  const row = zone.getByRole('row', { name: /alias to shop\.example\.com\./ });
  await expect(row).toBeVisible();
  const tool = zone.getByRole('form', { name: 'Test the answer' });
  await tool.getByLabel('Record name').fill('example.com');
  await tool.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(tool).toContainText('192.0.2.45');
  await expect(zone.getByRole('region', { name: 'Why this answer' })).toContainText('And behind the alias record?');
  await page.keyboard.press('Control+z');
  await expect(row).toBeHidden();
});

test('a health check is made, fails when its server is stopped, moves the answer, and is taken back', async ({ stage, page }) => {
  await stage.open('failover@5s');
  const zone = await openZone(page);
  const checks = zone.getByRole('region', { name: 'Health checks' });
  await checks.getByRole('button', { name: 'New health check' }).click();
  const form = checks.getByRole('form', { name: 'New health check' });
  await form.getByLabel('Name', { exact: true }).fill('spare');
  await form.getByLabel('Address or name').fill('10.0.0.1');
  await expect(form).toContainText('a private endpoint needs a CloudWatch alarm check');
  await form.getByLabel('Address or name').fill('192.0.2.61');
  await form.getByRole('radio', { name: '10 s' }).check();
  const misses = form.getByRole('slider', { name: 'Fails after misses in a row' });
  await misses.press('ArrowLeft');
  await misses.press('ArrowLeft');
  await expect(
    form.getByRole('img', { name: 'Noticed after: server refuses, 0 to 10 s; server is silent, 4 to 14 s' }),
  ).toBeVisible();
  await form.getByRole('button', { name: 'Save check' }).click();
  await expect(checks.getByRole('form', { name: 'Health check spare' })).toBeVisible();
  await checks.getByRole('button', { name: 'the server refuses?' }).click();
  await page.getByRole('button', { name: '+5 min' }).click();
  await expect(checks).toContainText('0 of 16 say healthy');
  await expect(checks.getByRole('list', { name: 'History of spare' })).toContainText('failing');
  await checks.getByRole('button', { name: /^All/ }).click();
  await expect(checks.getByRole('row', { name: /spare/ })).toContainText('failing');
  await page.keyboard.press('Control+z');
  await expect(checks.getByRole('row', { name: /spare/ })).toContainText('healthy');
});

test('a record that gets a new health check fails over when its server stops', async ({ stage, page }) => {
  await stage.open('first-visit@200ms');
  const zone = await openZone(page);
  await page.keyboard.press('n');
  const form = zone.getByRole('form', { name: 'New record' });
  await page.keyboard.type('api');
  await form.getByLabel('Value').fill('192.0.2.44');
  await form.getByRole('button', { name: /^Another policy/ }).click();
  await form.getByRole('radio', { name: /^Failover/ }).check();
  await form.getByRole('button', { name: 'Add the secondary' }).click();
  await form.getByLabel('Value of record 2').fill('192.0.2.45');
  await form.getByLabel('TTL, seconds').fill('60');
  await form.getByLabel('Health check of record 1').selectOption('New health check …');
  const check = zone.getByRole('region', { name: 'New health check for record 1' });
  await expect(check.getByLabel('Address or name')).toHaveValue('192.0.2.44');
  await check.getByRole('button', { name: 'Save check' }).click();
  await expect(form.getByLabel('Health check of record 1')).toHaveValue('check-1');
  await form.getByRole('button', { name: 'Save records' }).click();
  await expect(zone.getByRole('row', { name: /secondary/ })).toContainText('0 %');
  const checks = zone.getByRole('region', { name: 'Health checks' });
  await checks.getByRole('button', { name: 'Open the health check check-1' }).click();
  await checks.getByRole('button', { name: 'the server refuses?' }).click();
  await page.getByRole('button', { name: '+5 min' }).click();
  await expect(zone.getByRole('row', { name: /secondary/ })).toContainText('100 %');
});

test('the boundary between two weights is moved by the keyboard', async ({ stage, page }) => {
  await stage.open('weighted@10s');
  const zone = await openZone(page);
  await zone.getByRole('button', { name: 'Change www A' }).first().click();
  const form = zone.getByRole('form', { name: 'Change www.example.com A' });
  const slider = form.getByRole('slider', { name: 'Share of blue' });
  await expect(slider).toHaveAttribute('aria-valuenow', '70');
  await slider.press('PageDown');
  await expect(form.getByLabel('Weight of record 1')).toHaveValue('60');
  await expect(form.getByLabel('Weight of record 2')).toHaveValue('40');
  await form.getByRole('button', { name: 'Save records' }).click();
  await expect(zone.getByRole('table', { name: 'Records', exact: true }).getByRole('row', { name: /blue/ })).toContainText(
    '60 %',
  );
});

test('who would get what goes from the smallest place on, and two places are compared', async ({ stage, page }) => {
  await stage.open('geolocation@40s');
  const zone = await openZone(page);
  const who = zone.getByRole('region', { name: 'Who would get what' });
  await expect(who.getByRole('listitem').filter({ hasText: 'San Francisco' })).toContainText(
    /California, given.*United States, tried next/s,
  );
  await expect(who.getByRole('img', { name: /Map of the world/ })).toBeVisible();
  const two = zone.getByRole('region', { name: 'From two places' });
  await expect(two).toContainText('They differ because the policy looks at where the question comes from.');
  await two.getByLabel('Place 2').selectOption('Lyon');
  await expect(two).toContainText('finds one record for both');
});

for (const [form, width, height] of [
  ['wide', 1440, 900],
  ['tablet', 1024, 768],
  ['phone', 390, 844],
] as const)
  test(`on a ${form} screen the forms do not overflow, and the accessibility scan finds nothing`, async ({ stage, page }) => {
    await page.setViewportSize({ width, height });
    const scan = async (): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    };
    await stage.open('failover@39s');
    const zone = await openZone(page);
    await zone.getByRole('button', { name: 'Change api A, primary' }).click();
    await scan();
    expect(await zone.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    await zone.getByRole('button', { name: 'Alias: record 2 points at something' }).click();
    await scan();
    await stage.open('geoproximity@10s');
    await openZone(page);
    await scan();
  });
