// What the server says of an upload that it refuses reaches the person, and nothing of its wire format.
import { expect, test } from 'vitest';
import { uploadFault } from './transfer.ts';

test('a fault of the server is taken over with its remedy', () => {
  const fault = { code: 'disk-full', message: 'The disk became full.', remedy: 'Free some space.' } as const;
  expect(uploadFault(507, JSON.stringify(fault)).data).toEqual(fault);
});

test.each([
  [0, '', 'The connection broke during the upload.'],
  [401, '<!doctype html><h1>This browser is not logged in</h1>', 'The server answered 401.'],
  [500, '{"message":"half a fault"}', 'The server answered 500.'],
])('%i %j is told in words', (status, body, message) => {
  expect(uploadFault(status, body).data).toMatchObject({
    message,
    remedy: expect.stringContaining('Upload it again'),
  });
});
