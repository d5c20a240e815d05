// Where this machine gets its packages from, read from its own apt configuration; pure, no file is opened here.

/** One source of binary packages; both of apt's file formats end up as this (sources.list(5)). */
export interface AptSource {
  uris: string[];
  suites: string[];
  components: string[];
  /** As written: a keyring's path, or a whole armoured key. */
  signedBy?: string;
  trusted?: string;
}

const debianAliases = ['oldstable', 'stable', 'testing', 'unstable', 'sid'];
const rollingSuites = ['unstable', 'sid', 'experimental'];

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Reads the one-line format (`deb [signed-by=…] URI suite component…`). */
export function parseListFile(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (match === null) continue;
    const [, optionText, uri, suite, components] = match;
    const options = new Map(
      words(optionText).map((option): [string, string] => {
        const at = option.indexOf('=');
        return [option.slice(0, at).toLowerCase(), option.slice(at + 1)];
      }),
    );
    const signedBy = options.get('signed-by');
    const trusted = options.get('trusted');
    sources.push({
      uris: words(uri),
      suites: words(suite),
      components: words(components),
      ...(signedBy === undefined ? {} : { signedBy }),
      ...(trusted === undefined ? {} : { trusted }),
    });
  }
  return sources;
}

function parseStanza(lines: string[]): Map<string, string> {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of lines) {
    if (line.startsWith('#')) continue;
    if (/^\s/.test(line)) {
      fields.set(current, `${fields.get(current) ?? ''}\n${line}`);
      continue;
    }
    const at = line.indexOf(':');
    if (at < 0) continue;
    current = line.slice(0, at).toLowerCase();
    fields.set(current, line.slice(at + 1).trim());
  }
  return fields;
}

/** Reads the stanza format (`Types:`, `URIs:`, `Suites:` …). */
export function parseSourcesFile(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const stanza of text.split(/\n[ \t]*\n/)) {
    const fields = parseStanza(stanza.split('\n'));
    if (!words(fields.get('types')).includes('deb')) continue;
    if (/^(no|false|0|off|without|disable)$/i.test(fields.get('enabled') ?? 'yes')) continue;
    const signedBy = fields.get('signed-by');
    const trusted = fields.get('trusted');
    sources.push({
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      ...(signedBy === undefined ? {} : { signedBy }),
      ...(trusted === undefined ? {} : { trusted }),
    });
  }
  return sources;
}

/** `bookworm-security` → `['bookworm', '-security']`. */
function splitSuite(suite: string): [string, string] {
  const match = /^(.*?)(-updates|-security)?$/.exec(suite);
  return [match?.[1] ?? suite, match?.[2] ?? ''];
}

/**
 * The machine's own sources turned to `suite`: same mirrors, same keys. Third-party sources, backports and proposed
 * updates are left out; an alias (`stable`) counts where no source names the codename. With `suite` equal to `codename` these are the machine's sources as they are; another suite gets `main` only, and
 * a rolling one has neither updates nor security.
 */
export function sourcesForSuite(sources: readonly AptSource[], codename: string, suite: string): AptSource[] {
  const named = sources.some((source) => source.suites.some((name) => splitSuite(name)[0] === codename));
  const own = named ? [codename] : debianAliases;
  const turned: AptSource[] = [];
  for (const source of sources) {
    const suites = new Set<string>();
    for (const name of source.suites) {
      const [base, pocket] = splitSuite(name);
      if (!own.includes(base)) continue;
      if (suite === codename) suites.add(name);
      else if (pocket === '' || !rollingSuites.includes(suite)) suites.add(`${suite}${pocket}`);
    }
    if (suites.size === 0 || !source.components.includes('main')) continue;
    turned.push({
      ...source,
      suites: [...suites],
      components: suite === codename ? source.components : ['main'],
    });
  }
  return turned;
}

/** Writes sources in the stanza format, which can also carry a key inline. */
export function formatSources(sources: readonly AptSource[]): string {
  return sources
    .map((source) =>
      [
        'Types: deb',
        `URIs: ${source.uris.join(' ')}`,
        `Suites: ${source.suites.join(' ')}`,
        `Components: ${source.components.join(' ')}`,
        ...(source.signedBy === undefined ? [] : [`Signed-By: ${source.signedBy}`]),
        ...(source.trusted === undefined ? [] : [`Trusted: ${source.trusted}`]),
        '',
      ].join('\n'),
    )
    .join('\n');
}

/** A package file as `apt-get … --print-uris` names it. */
export interface DebFile {
  name: string;
  version: string;
  architecture: string;
  fileName: string;
  sizeBytes: number;
}

/** Reads `--print-uris`: `'URI' name_version_arch.deb size hash` per line (apt-get(8)). */
export function parsePrintUris(text: string): DebFile[] {
  const files: DebFile[] = [];
  for (const line of text.split('\n')) {
    const match = /^'[^']*' ((\S+?)_(\S+)_([a-z0-9-]+)\.deb) (\d+)(?:\s|$)/.exec(line);
    if (match === null) continue;
    const [, fileName = '', name = '', version = '', architecture = '', size] = match;
    files.push({
      name,
      version: decodeURIComponent(version),
      architecture,
      fileName,
      sizeBytes: Number(size),
    });
  }
  return files;
}

/** Reads os-release(5). */
export function parseOsRelease(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_0-9]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match?.[1] !== undefined) fields.set(match[1], match[3] ?? '');
  }
  return fields;
}
