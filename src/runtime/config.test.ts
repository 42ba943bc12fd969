import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/temporary-folders.ts';
import { ConfigError, readConfig } from './config.ts';

const newFolder = temporaryFolders();
const configFile = (content: string): string => {
  const path = join(newFolder(), 'slicehouse.yaml');
  writeFileSync(path, content);
  return path;
};
const nothing = { flags: {}, environment: {}, file: undefined };
const mistakesOf = (sources: Parameters<typeof readConfig>[0]): string => {
  try {
    readConfig(sources);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('There was no mistake.');
};

describe('the settings', () => {
  it('have defaults', () => {
    expect(readConfig(nothing)).toMatchObject({ host: '127.0.0.1', port: 8080, dataDir: 'slicehouse-data' });
  });

  it('come from the flag, else the environment, else the file', () => {
    const file = configFile('port: 3\nhost: file\nlogLevel: debug\n');
    const environment = { SLICEHOUSE_PORT: '2', SLICEHOUSE_HOST: 'environment', PORT: '9' };
    const config = readConfig({ flags: { port: '1' }, environment, file });
    expect([config.port, config.host, config.logLevel]).toEqual([1, 'environment', 'debug']);
  });

  it('are not set by an empty variable', () => {
    expect(readConfig({ ...nothing, environment: { SLICEHOUSE_PORT: '' } }).port).toBe(8080);
  });

  it('have a variable each', () => {
    const environment = { SLICEHOUSE_DATA_DIR: '/data', SLICEHOUSE_SEAL_AFTER_MS: '50' };
    expect(readConfig({ ...nothing, environment })).toMatchObject({ dataDir: '/data', sealAfterMs: 50 });
  });

  it('name every mistake at once, where it stands and what is allowed', () => {
    const file = configFile('prot: 80\nsealMegabytes: lots\nsynonyms: [a]\n');
    const message = mistakesOf({
      flags: { dataDir: '', port: '70000' },
      environment: { SLICEHOUSE_LOG_LEVEL: 'loud', SLICEHOUSE_SEAL_AFTER_MS: '1.5' },
      file,
    });
    expect(message.split('\n')).toEqual([
      expect.stringMatching(`^${file}: 'prot' is not a setting; there are dataDir, host, port`),
      `--data-dir must be a text; it is ''.`,
      `--port must be a whole number from 0 to 65535; it is '70000'.`,
      expect.stringMatching(/^SLICEHOUSE_LOG_LEVEL must be one of fatal, .*; it is 'loud'\.$/),
      `SLICEHOUSE_SEAL_AFTER_MS must be a whole number from 10 to 60000; it is '1.5'.`,
      `${file}: sealMegabytes must be a whole number from 1 to 1024; it is 'lots'.`,
      expect.stringMatching(/synonyms must be a table such as/),
    ]);
  });

  it.each(['-1', '0x10', ' 80', '80 ', '1e3', 'NaN'])('do not take "%s" for a port', (port) => {
    expect(mistakesOf({ ...nothing, flags: { port } })).toContain('--port must be');
  });

  it.each([
    ['a list', '- a\n- b\n', 'must hold settings by name'],
    ['a text', 'port', 'must hold settings by name'],
    ['broken', 'port: [', 'is not valid YAML'],
  ])('refuse a file that is %s', (_what, content, detail) => {
    expect(mistakesOf({ ...nothing, file: configFile(content) })).toContain(detail);
  });

  it('refuse a file that is not there', () => {
    expect(mistakesOf({ ...nothing, file: '/nowhere/slicehouse.yaml' })).toContain('does not exist');
  });

  it('take an empty file for no settings, and JSON for YAML', () => {
    expect(readConfig({ ...nothing, file: configFile('') }).port).toBe(8080);
    expect(readConfig({ ...nothing, file: configFile('{"port": 81}') }).port).toBe(81);
  });

  it('take synonyms from the file', () => {
    const file = configFile('synonyms:\n  topping:\n    pepperoni: [pepp, roni]\n');
    expect(readConfig({ ...nothing, file }).synonyms).toEqual({ topping: { pepperoni: ['pepp', 'roni'] } });
  });
});
