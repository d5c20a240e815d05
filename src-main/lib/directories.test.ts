import { describe, expect, it } from 'vitest';
import { defaultDirectories, extraFileRoots } from './directories.ts';

describe('defaultDirectories', () => {
  it('follows the XDG places on Linux, with the runtime directory out of the session', () => {
    expect(defaultDirectories({ XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux', '/home/ada')).toEqual({
      library: '/home/ada/.local/share/armoire/library',
      config: '/home/ada/.config/armoire',
      cache: '/home/ada/.cache/armoire',
      runtime: '/home/ada/.local/state/armoire/run',
    });
  });

  it('takes absolute XDG variables and ignores relative ones', () => {
    const directories = defaultDirectories(
      { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: 'relative' },
      'linux',
      '/home/ada',
    );
    expect(directories.library).toBe('/data/armoire/library');
    expect(directories.config).toBe('/home/ada/.config/armoire');
  });

  it('follows the Library folder on macOS', () => {
    const directories = defaultDirectories({}, 'darwin', '/Users/ada');
    expect(directories.library).toBe('/Users/ada/Library/Application Support/Armoire/library');
    expect(directories.cache).toBe('/Users/ada/Library/Caches/Armoire');
  });

  it('lets each be overridden', () => {
    const env = {
      ARMOIRE_LIBRARY: '/l',
      ARMOIRE_CONFIG: '/c',
      ARMOIRE_CACHE: '/k',
      ARMOIRE_RUNTIME: '/r',
    };
    expect(defaultDirectories(env, 'linux', '/home/ada')).toEqual({
      library: '/l',
      config: '/c',
      cache: '/k',
      runtime: '/r',
    });
  });

  it('keeps sockets short where the home is long', () => {
    const home = `/home/${'long-name-'.repeat(8)}`;
    const { runtime } = defaultDirectories({}, 'linux', home);
    const socket = `${runtime}/12345678-1234-1234-1234-123456789abc/monitor.sock`;
    expect(Buffer.byteLength(socket)).toBeLessThan(104);
    expect(runtime).toMatch(/^\/tmp\/armoire-\d+$/);
  });
});

describe('extraFileRoots', () => {
  it('takes absolute directories only', () => {
    expect(extraFileRoots({ ARMOIRE_FILES: '/images:relative::/srv/iso' })).toEqual(['/images', '/srv/iso']);
    expect(extraFileRoots({})).toEqual([]);
  });
});
