// The name of a download survives whatever is in it.
import { expect, it } from 'vitest';
import { contentDisposition } from './download.ts';

it.each([
  ['uart0.log', `attachment; filename="uart0.log"; filename*=UTF-8''uart0.log`],
  ['a "b"\\c/d.log', `attachment; filename="a _b__c_d.log"; filename*=UTF-8''a%20%22b%22%5Cc%2Fd.log`],
  ["it's (1)*.log", `attachment; filename="it's (1)*.log"; filename*=UTF-8''it%27s%20%281%29%2A.log`],
  ['日誌.log', `attachment; filename="__.log"; filename*=UTF-8''%E6%97%A5%E8%AA%8C.log`],
  [
    'a\r\nSet-Cookie: x',
    `attachment; filename="a__Set-Cookie: x"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x`,
  ],
])('%j', (name, header) => {
  expect(contentDisposition(name)).toBe(header);
});
