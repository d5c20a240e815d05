// A conversation to begin a console test with: a sample at its prompt, and its Console tab open.
import type { Page } from '@playwright/test';
import type { ConsolePage } from '../pages/console.ts';
import { MachinePage } from '../pages/machine.ts';
import type { Armoire } from './fixtures.ts';
import { type Guest, makeSample, samplePrompt, watchGuest } from './guest.ts';

export interface Talking {
  console: ConsolePage;
  guest: Guest;
}

export async function talk(page: Page, armoire: Armoire): Promise<Talking> {
  const client = await armoire.client();
  const { id } = await makeSample(client, { name: 'talker', start: true });
  const guest = await watchGuest(client, id);
  await guest.printed(samplePrompt);
  const machine = new MachinePage(page);
  await machine.open(id, 'console');
  await machine.console.shows(samplePrompt);
  return { console: machine.console, guest };
}
