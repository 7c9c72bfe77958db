/** Questions that are asked before the thing happens: offered by the lesson, never put upon anybody. */
import { expect, test } from './stage.ts';

test('asked first, a lesson halts before the step, takes a guess by key, and says why', async ({ stage, page }) => {
  await stage.open();
  await page.getByRole('checkbox', { name: 'Ask me first: 2 questions on the way' }).check();
  await stage.go.click();
  const question = page.getByRole('heading', { name: 'Whom does the resolver ask next?' });
  await expect(question).toBeVisible();
  await expect(stage.button('Play')).toBeVisible();
  await expect(stage.narration).toHaveText('A question: Whom does the resolver ask next?');
  expect((await stage.steps())[4]).toBe('5 pending');

  const choices = page.getByRole('list', { name: 'Whom does the resolver ask next?' }).getByRole('listitem');
  const wrong = await choices.filter({ hasText: 'ns-2049' }).locator('.letter').textContent();
  await page.keyboard.press(wrong ?? '');
  await expect(choices.filter({ hasText: 'ns-2049' })).toContainText('your guess');
  await expect(choices.filter({ hasText: 'ns-2048' })).toContainText('this happens');
  await expect(page.getByText('It holds the same zone, but only its name came.')).toBeVisible();

  await page.keyboard.press(' ');
  await expect(question).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'How many questions has the resolver sent?' })).toBeVisible();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(stage.step(7)).toHaveAttribute('data-state', 'active');
});

test('nobody is asked who does not want to be', async ({ stage }) => {
  await stage.open('first-visit@50ms');
  await stage.button('Next step').click();
  await expect(stage.step(5)).toHaveAttribute('data-state', 'active');
});
