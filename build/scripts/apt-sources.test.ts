// What is read from apt's own files and output, on samples in the forms that apt documents.
import { describe, expect, it } from 'vitest';
import {
  formatSources,
  parseListFile,
  parseOsRelease,
  parsePrintUris,
  parseSourcesFile,
  sourcesForSuite,
} from './apt-sources.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

const deb822 = `Types: deb
# a comment between fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: ${keyring}

Types: deb-src
URIs: http://mirror.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${keyring}
`;

describe('parseSourcesFile', () => {
  it('reads enabled binary sources only', () => {
    const sources = parseSourcesFile(deb822);
    expect(sources.map((source) => source.uris[0])).toEqual([
      'http://mirror.example/debian',
      'http://security.example/debian-security',
    ]);
    expect(sources[0]).toEqual({
      uris: ['http://mirror.example/debian'],
      suites: ['bookworm', 'bookworm-updates', 'bookworm-backports'],
      components: ['main', 'contrib'],
      signedBy: keyring,
    });
  });

  it('keeps a key that is written into the file', () => {
    const [source] = parseSourcesFile(
      'Types: deb\nURIs: http://a.example/\nSuites: stable\nComponents: main\nSigned-By:\n -----BEGIN PGP-----\n .\n abc\n',
    );
    expect(source?.signedBy).toBe('\n -----BEGIN PGP-----\n .\n abc');
    expect(parseSourcesFile(formatSources(source ? [source] : []))[0]?.signedBy).toBe(source?.signedBy);
  });
});

describe('parseListFile', () => {
  it('reads options and leaves comments and source packages out', () => {
    const text = [
      '# deb http://commented.example/debian stable main',
      'deb-src http://mirror.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/etc/apt/keyrings/a.gpg trusted=yes] http://a.example/debian bookworm main contrib # note',
      'deb http://b.example/debian bookworm main',
    ].join('\n');
    expect(parseListFile(text)).toEqual([
      {
        uris: ['http://a.example/debian'],
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        signedBy: '/etc/apt/keyrings/a.gpg',
        trusted: 'yes',
      },
      { uris: ['http://b.example/debian'], suites: ['bookworm'], components: ['main'] },
    ]);
  });
});

describe('sourcesForSuite', () => {
  const machine = [
    ...parseSourcesFile(deb822),
    { uris: ['https://node.example/'], suites: ['nodistro'], components: ['main'] },
    { uris: ['https://third.example/apt'], suites: ['tools-bookworm'], components: ['main'] },
  ];

  it('turns the pockets of the machine to another suite and drops other repositories', () => {
    expect(sourcesForSuite(machine, 'bookworm', 'stable')).toEqual([
      {
        uris: ['http://mirror.example/debian'],
        suites: ['stable', 'stable-updates'],
        components: ['main'],
        signedBy: keyring,
      },
      {
        uris: ['http://security.example/debian-security'],
        suites: ['stable-security'],
        components: ['main'],
        signedBy: keyring,
      },
    ]);
  });

  it('asks no security or updates of a rolling suite', () => {
    expect(sourcesForSuite(machine, 'bookworm', 'unstable').map((source) => source.suites)).toEqual([
      ['unstable'],
    ]);
  });

  it("keeps the machine's own components for its own suite", () => {
    const [first] = sourcesForSuite(machine, 'bookworm', 'bookworm');
    expect(first).toMatchObject({
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main', 'contrib'],
    });
  });

  it('knows a machine whose sources say an alias instead of the codename', () => {
    const alias = [{ uris: ['http://mirror.example/debian'], suites: ['testing'], components: ['main'] }];
    expect(sourcesForSuite(alias, 'forky', 'unstable').map((source) => source.suites)).toEqual([
      ['unstable'],
    ]);
  });

  it('leaves an extra line for another suite alone where the codename is named', () => {
    const mixed = [
      { uris: ['http://mirror.example/debian'], suites: ['trixie'], components: ['main'] },
      { uris: ['http://mirror.example/debian'], suites: ['unstable'], components: ['main'] },
    ];
    expect(sourcesForSuite(mixed, 'trixie', 'trixie').map((source) => source.suites)).toEqual([['trixie']]);
  });
});

describe('parsePrintUris', () => {
  it('reads name, decoded version, architecture and size', () => {
    const text = [
      "'http://mirror.example/pool/q.deb' qemu-utils_1%3a10.0.2+ds-2_amd64.deb 2024216 SHA256:00ff",
      'Reading package lists...',
      "'http://mirror.example/pool/e.deb' qemu-efi-aarch64_2025.02-8_all.deb 5122856 SHA256:00ff",
    ].join('\n');
    expect(parsePrintUris(text)).toEqual([
      {
        name: 'qemu-utils',
        version: '1:10.0.2+ds-2',
        architecture: 'amd64',
        fileName: 'qemu-utils_1%3a10.0.2+ds-2_amd64.deb',
        sizeBytes: 2024216,
      },
      {
        name: 'qemu-efi-aarch64',
        version: '2025.02-8',
        architecture: 'all',
        fileName: 'qemu-efi-aarch64_2025.02-8_all.deb',
        sizeBytes: 5122856,
      },
    ]);
  });
});

describe('parseOsRelease', () => {
  it('reads quoted and plain values', () => {
    const fields = parseOsRelease(
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=\'debian\'\n',
    );
    expect([fields.get('ID'), fields.get('VERSION_CODENAME')]).toEqual(['debian', 'bookworm']);
    expect(fields.get('PRETTY_NAME')).toBe('Debian GNU/Linux 12 (bookworm)');
  });
});
