import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Tickets } from './tickets.ts';

it('redeems a ticket once', () => {
  const tickets = new Tickets<string>(1000);
  const ticket = tickets.issue('value');
  expect(tickets.redeem('another')).toBeUndefined();
  expect(tickets.redeem(ticket)).toBe('value');
  expect(tickets.redeem(ticket)).toBeUndefined();
});

it('forgets a ticket after its life, and all of them when asked', async () => {
  const tickets = new Tickets<string>(10);
  const late = tickets.issue('late');
  await sleep(40);
  expect(tickets.redeem(late)).toBeUndefined();
  const cleared = tickets.issue('cleared');
  tickets.clear();
  expect(tickets.redeem(cleared)).toBeUndefined();
});

it('never issues the same word twice', () => {
  const tickets = new Tickets<number>(1000);
  const words = new Set(Array.from({ length: 100 }, (_, index) => tickets.issue(index)));
  expect(words.size).toBe(100);
  tickets.clear();
});
