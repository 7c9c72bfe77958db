/** The console beside the records: zones, policies, networks, the log, the private side, Lightsail, and who may do what. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { faultsOf } from './faults.ts';
import { expect, test } from './stage.ts';

async function openPage(page: Page, name: string): Promise<Locator> {
  await page.keyboard.press('z');
  await page.getByRole('tab', { name, exact: true }).click();
  const panel = page.getByRole('region', { name, exact: true });
  await expect(panel).toBeVisible();
  return panel;
}
const refusal = (page: Page): Locator => page.getByRole('alert').filter({ hasText: 'Take it back' });

test('a zone is created by the keyboard, a second one of its name is warned of, and undo takes it back', async ({
  stage,
  page,
}) => {
  await stage.open('first-visit@300ms');
  const zones = await openPage(page, 'Zones');
  await expect(zones.getByRole('row', { name: /^example\.com\./ })).toContainText('listed by .com');
  await zones.getByRole('button', { name: 'Create a zone' }).press('Enter');
  const form = zones.getByRole('form', { name: 'New zone' });
  await expect(form.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('com');
  await expect(form).toContainText('Needed: a name below a top-level domain');
  await form.getByLabel('Name').fill('example.com');
  await expect(form).toContainText('four other servers');
  await page.keyboard.press('Enter');
  const second = zones.getByRole('row').filter({ hasText: 'lists other name servers' });
  await expect(second).toContainText('nobody is sent here');
  await page.keyboard.press('Control+z');
  await expect(second).toHaveCount(0);
});

test('a full zone is not deleted, and the service says why', async ({ stage, page }) => {
  await stage.open('ip-based@11s');
  const zones = await openPage(page, 'Zones');
  await zones.getByRole('button', { name: 'Delete example.com' }).click();
  await expect(refusal(page)).toContainText('HostedZoneNotEmpty');
  await refusal(page).getByRole('button', { name: 'Take it back' }).click();
  await expect(refusal(page)).toHaveCount(0);
});

test('a reader is refused with the action that was missing, and the link carries who it was', async ({ stage, page }) => {
  await stage.open('traffic-policy@101s');
  const policies = await openPage(page, 'Traffic policies');
  await page.getByLabel('Signed in as').selectOption('reader');
  await policies.getByLabel('Bind to a name').fill('new.example.com');
  await policies.getByRole('button', { name: 'Bind', exact: true }).click();
  await expect(refusal(page)).toContainText('Missing: route53:CreateTrafficPolicyInstance.');
  await stage.button('Copy link').click();
  await expect(stage.alert.filter({ hasText: 'Link copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(link);
  const changes = await openPage(page, 'Changes');
  await expect(changes.getByRole('listitem').first()).toContainText('reader');
  await expect(changes.getByRole('listitem').first()).toContainText('AccessDenied');
});

test('a policy’s tree is lit along the last answer; its document tells every fault by line, and a version is rolled back', async ({
  stage,
  page,
}) => {
  await stage.open('traffic-policy@101s');
  const policies = await openPage(page, 'Traffic policies');
  const taken = policies.getByRole('list', { name: 'The tree in words' }).getByRole('listitem').filter({ hasText: ', taken' });
  await expect(taken).toHaveText([/rule by-region/, /us-east-1: rule us-pair/, /secondary: endpoint us-b/]);
  await policies.getByRole('button', { name: 'Edit as JSON' }).click();
  const editor = page.getByRole('form', { name: 'Document of by-region' });
  const area = editor.getByRole('textbox', { name: 'Document' });
  const right = await area.inputValue();
  await area.fill(right.replace('192.0.2.11', '192.0.2.110.1').replace('"latency"', '"nearest"'));
  await expect(editor).toContainText('2 things are wrong.');
  await expect(editor.getByRole('button', { name: 'Save and use' })).toBeDisabled();
  await editor
    .getByRole('button', { name: /^Go to line/ })
    .first()
    .click();
  await expect(area).toBeFocused();
  await area.fill(right.replace('192.0.2.11', '192.0.2.12'));
  await editor.getByRole('button', { name: 'Save and use' }).click();
  const versions = policies.getByRole('table', { name: 'Versions' });
  await expect(versions.getByRole('row', { name: /^2/ })).toContainText('in use');
  await versions.getByRole('button', { name: 'Roll back to it' }).click();
  await expect(versions.getByRole('row', { name: /^1/ })).toContainText('in use');
});

test('a block is added, and a typed address says which one holds it', async ({ stage, page }) => {
  await stage.open('ip-based@11s');
  const collections = await openPage(page, 'CIDR collections');
  await collections.getByLabel('Location', { exact: true }).fill('network-9');
  await collections.getByLabel('Blocks', { exact: true }).fill('198.18.9.1/24');
  await expect(collections).toContainText('host bits zero');
  await collections.getByLabel('Blocks', { exact: true }).fill('198.18.9.0/24');
  await collections.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(collections).toContainText('version 2');
  await expect(collections).toContainText('network-9, by the block 198.18.9.0/24');
  await collections.getByLabel('Which block holds').fill('203.0.113.7');
  await expect(collections).toContainText('everyone else: no block holds it');
});

test('the query log has a line for what came, none for what a cache answered, and saves as text', async ({ stage, page }) => {
  await stage.open('second-visit');
  await page.keyboard.press('End');
  const log = await openPage(page, 'Query log');
  const lines = log.getByRole('table', { name: 'Query log' }).getByRole('row');
  await expect(lines).toHaveCount(2);
  await expect(lines.nth(1)).toContainText('NOERROR');
  const waiting = page.waitForEvent('download');
  await log.getByRole('button', { name: 'Save as text' }).click();
  expect((await waiting).suggestedFilename()).toBe('example.com-queries.log');
});

test('one name is two things, inside the VPC and outside', async ({ stage, page }) => {
  await stage.open('private-zone@21s');
  const vpcs = await openPage(page, 'VPCs');
  await expect(vpcs).toContainText('No fall-through');
  await vpcs.getByLabel('Name', { exact: true }).fill('www.example.com');
  await expect(vpcs.getByRole('region', { name: 'Inside' }).getByRole('img')).toHaveAccessibleName(/10\.0\.0\.44/);
  await expect(vpcs.getByRole('region', { name: 'Outside' }).getByRole('img')).toHaveAccessibleName(/192\.0\.2\.44/);
  await vpcs.getByRole('button', { name: 'Inside', exact: true }).click();
  await expect(vpcs.getByRole('region', { name: 'Outside' })).toHaveCount(0);
  await expect(vpcs.getByRole('row').filter({ hasText: 'most specific match' })).toContainText('private hosted zone');
});

test('a Lightsail zone has entries, takes texts without quotation marks, and is assigned to an instance', async ({
  stage,
  page,
}) => {
  await stage.open('lightsail-zone@150s');
  await page.keyboard.press('z');
  const entries = page.getByRole('region', { name: 'Entries' });
  await entries.getByRole('button', { name: 'Add an entry' }).click();
  const form = entries.getByRole('form', { name: 'New entry' });
  await form.getByLabel('Type').selectOption('TXT');
  await form.getByLabel('Leads to').fill('v=spf1 -all');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(entries.getByRole('row', { name: /^@ TXT v=spf1 -all/ })).toBeVisible();
  await page.getByRole('region', { name: 'Assign the domain' }).getByRole('button', { name: 'Assign' }).click();
  await expect(entries.getByRole('row', { name: /^@ A/ })).toContainText('192.0.2.');
  await page.getByRole('button', { name: 'As Route 53 has it' }).click();
  await expect(page.getByRole('table', { name: 'Records' })).toContainText('"v=spf1 -all"');
});

test('a zone is signed and vouched for; too early a DS is warned of, and Route 53 keeps a key that is vouched for', async ({
  stage,
  page,
}) => {
  await stage.open('signing-order@250s');
  const dnssec = await openPage(page, 'DNSSEC');
  await expect(dnssec).toContainText('com. promises a key that example.com. does not have.');
  await dnssec.getByRole('button', { name: 'Enable DNSSEC signing' }).press('Enter');
  await expect(dnssec.getByRole('region', { name: 'DS record' })).toContainText(/\d+ 13 2 [0-9A-F]{64}/);
  const on = dnssec.getByRole('list', { name: 'Switching on' });
  await expect(on.getByRole('listitem').filter({ hasText: 'Let the old copies run out' })).toHaveAttribute(
    'aria-current',
    'step',
  );
  await page.getByRole('button', { name: '+5 min' }).click();
  await expect(dnssec).toContainText('The DS of com. is the hash of this key.');
  await expect(on).toContainText('The DS is listed already');
  await dnssec.getByRole('button', { name: 'Disable DNSSEC signing' }).click();
  await expect(refusal(page)).toContainText('KeySigningKeyInParentDSRecord');
  await page.keyboard.press('Control+z');
  await expect(refusal(page)).toHaveCount(0);
  await dnssec.getByRole('button', { name: 'Take the DS out' }).click();
  await expect(dnssec.getByRole('list', { name: 'Switching off' })).toContainText(/to go/);
});

test('a second key is made beside the first, and Route 53 keeps the first while it is vouched for', async ({ stage, page }) => {
  await stage.open('signing-order@1500s');
  const dnssec = await openPage(page, 'DNSSEC');
  await dnssec.getByRole('button', { name: 'Create a second key' }).press('Enter');
  const change = dnssec.getByRole('list', { name: 'Changing the key' });
  await expect(change.locator('[aria-current=step]')).toContainText('Let the old key set run out');
  await expect(dnssec.getByRole('region', { name: 'DS record of example_com_ksk_2' })).toContainText(/\d+ 13 2 [0-9A-F]{64}/);
  await page.getByRole('button', { name: '+2 days' }).click();
  await expect(change.locator('[aria-current=step]')).toContainText('list its DS instead');
  await change.getByRole('button', { name: 'Deactivate the first key' }).click();
  await expect(refusal(page)).toContainText('KeySigningKeyInParentDSRecord');
  await refusal(page).getByRole('button', { name: 'Take it back' }).click();
  await change.getByRole('button', { name: 'Hand over the new DS' }).click();
  await page.getByRole('button', { name: '+2 days' }).click();
  await change.getByRole('button', { name: 'Deactivate the first key' }).click();
  await expect(change.getByRole('button', { name: 'Delete the first key' })).toBeVisible();
});

test('another VPC is tied to a private zone, and the last one stays', async ({ stage, page }) => {
  await stage.open('private-zone@12s');
  await page.keyboard.press('z');
  await page.getByRole('combobox', { name: /^Zone/ }).selectOption('example.com-inside');
  const vpcs = page.getByRole('region', { name: 'VPCs of this zone' });
  await vpcs.getByRole('button', { name: 'Untie vpc-1' }).click();
  await expect(refusal(page)).toContainText('LastVPCAssociation');
  await refusal(page).getByRole('button', { name: 'Take it back' }).click();
  await vpcs.getByRole('button', { name: 'Tie it' }).press('Enter');
  await expect(vpcs.getByRole('row')).toHaveCount(3);
  await vpcs.getByRole('button', { name: 'Untie vpc-1' }).click();
  await expect(vpcs.getByRole('row')).toHaveCount(2);
  await expect(refusal(page)).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(vpcs.getByRole('row')).toHaveCount(3);
});

test('a collection goes only when it is empty and unused, and comes back by undo', async ({ stage, page }) => {
  await stage.open('ip-based@11s');
  const collections = await openPage(page, 'CIDR collections');
  await collections.getByRole('button', { name: 'Delete the collection' }).click();
  await expect(refusal(page)).toContainText('CidrCollectionInUseException');
  await refusal(page).getByRole('button', { name: 'Take it back' }).click();
  await collections.getByLabel('New collection').fill('spare');
  await page.keyboard.press('Enter');
  await expect(collections.getByRole('heading', { level: 1 })).toHaveText('spare');
  await collections.getByRole('button', { name: 'Delete the collection' }).press('Enter');
  await expect(collections.getByRole('heading', { level: 1 })).toHaveText('streets');
  await page.keyboard.press('Control+z');
  await expect(collections.getByRole('heading', { level: 1 })).toHaveText('spare');
});

test('a change is PENDING until the last server has it', async ({ stage, page }) => {
  await stage.open('lightsail-zone@76s');
  const changes = await openPage(page, 'Changes');
  const first = changes.getByRole('list').first().getByRole('listitem').first();
  await expect(first).toContainText('PENDING');
  await page.keyboard.press('End');
  await expect(first).toContainText('INSYNC');
});

/** The tablet's parts are those of the wide screen in other measures, and sound the same. */
for (const [form, width, height, ...themes] of [
  ['wide', 1440, 900, 'light', 'dark'],
  ['tablet', 1024, 768],
  ['phone', 390, 844, 'light'],
] as const)
  test(`on a ${form} screen no page of the console overflows, and the accessibility scan finds nothing`, async ({
    stage,
    page,
  }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width, height });
    const wrong: string[] = [];
    for (const [lesson, ...names] of [
      ['traffic-policy@101s', 'Zones', 'Traffic policies', 'Query log'],
      ['ip-based@11s', 'CIDR collections'],
      ['signing-order@310s', 'DNSSEC'],
      ['private-zone@12s', 'Records'],
      ['hybrid-rules@11s', 'VPCs', 'Zones'],
      ['lightsail-zone@76s', 'Records', 'Changes'],
    ] as const) {
      await stage.open(lesson);
      await page.keyboard.press('z');
      for (const name of names) {
        if (width < 1024) await page.getByRole('combobox', { name: 'Page' }).selectOption(name);
        else await page.getByRole('tab', { name, exact: true }).click();
        await expect(page.locator('#desk-page').getByRole('region').first()).toBeVisible();
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme });
          const { violations } = await new AxeBuilder({ page }).include('#panel').analyze();
          wrong.push(...violations.map(({ id, nodes }) => `${name}, ${colorScheme}, ${id}: ${nodes[0]?.html}`));
        }
        // The transport's labels give way one by one, which its own tests watch.
        const faults = (await faultsOf(page)).filter((fault) => !fault.includes('.yields'));
        wrong.push(...faults.map((fault) => `${name}: ${fault}`));
        const over = await page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('#desk-page > *')].map(
            (one) => one.scrollWidth - one.clientWidth,
          ),
        );
        if (over.some((by) => by > 0)) wrong.push(`${name} overflows by ${over.join(' ')}`);
      }
    }
    expect(wrong).toEqual([]);
  });
