import path from 'node:path';
import { expect, type Page } from 'playwright/test';
import { LABELS, type Lead, type LeadRecord, START_CHOICES, type Start } from '#lib/leads/schema.ts';
import { everyLead } from '#lib/leads/store.ts';
import { openSqliteStore } from '#lib/leads/store-sqlite.ts';

/** What one visitor answers; `email` tells the leads of one test from those of another. */
export type Visitor = { name: string; email: string; phone: string; start: Start };

let visitors = 0;

/** Somebody new. */
export function newVisitor(): Visitor {
  visitors += 1;
  const email = `visitor-${process.pid}-${visitors}@example.jp`;
  return { name: '髙橋 𠮷郎', email, phone: '０９０ー１２３４ー５６７８', start: 'quarter' };
}

export async function fillIn(page: Page, visitor: Visitor): Promise<void> {
  await page.getByLabel(LABELS.name).fill(visitor.name);
  await page.getByLabel(LABELS.email).fill(visitor.email);
  await page.getByLabel(LABELS.phone).fill(visitor.phone);
  await page.getByLabel(START_CHOICES[visitor.start]).check();
}

export async function press(page: Page): Promise<void> {
  await page.getByRole('button', { name: '同意して無料登録する' }).click();
}

export async function expectTyped(page: Page, visitor: Visitor): Promise<void> {
  await expect(page.getByLabel(LABELS.name)).toHaveValue(visitor.name);
  await expect(page.getByLabel(LABELS.email)).toHaveValue(visitor.email);
  await expect(page.getByLabel(LABELS.phone)).toHaveValue(visitor.phone);
  await expect(page.getByLabel(START_CHOICES[visitor.start])).toBeChecked();
}

export async function expectThanks(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/register\/thanks\?r=[\w-]+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('登録を受け付けました');
}

/** The leads of one visitor as they stand on disk, read by a process of its own while the site runs. */
export async function leadsOf(dataDir: string, visitor: Visitor): Promise<Lead[]> {
  const store = openSqliteStore({ file: path.join(dataDir, 'leads.sqlite'), agents: [], mailDomain: 'example.jp' });
  const leads: LeadRecord[] = [];
  for await (const lead of everyLead(store)) leads.push(lead);
  await store.close();
  return leads.flatMap((lead) => (lead.state !== 'erased' && lead.email === visitor.email ? [lead] : []));
}
