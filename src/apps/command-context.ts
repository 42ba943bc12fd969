import type { Command } from 'commander';
import { type Config, readConfig, type SettingName, settings } from '../runtime/config.ts';

/** Settings that most people never touch have no flag: the environment and the config file reach them. */
const flagged: readonly SettingName[] = ['dataDir', 'host', 'port', 'logLevel'];

/** Adds the flags of the shared settings to a command. */
export function withSettings(command: Command, names: readonly SettingName[] = flagged): Command {
  for (const name of names) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const { description, defaultValue } = settings[name];
    command.option(`--${flag} <value>`, `${description} (default: ${String(defaultValue)})`);
  }
  return command.option('--config <file>', 'Config file, YAML or JSON');
}

/** The validated settings of a command; `defaults` are the command's own. */
export function configOf(command: Command, defaults: Partial<Config> = {}): Config {
  const { config: file, ...options } = command.opts() as Record<string, string | undefined>;
  const environment = process.env;
  const flags = Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(settings, name)));
  const config = readConfig({ flags, environment, file: file ?? environment['SLICEHOUSE_CONFIG'] });
  const untouched = Object.entries(defaults).filter(
    ([name]) => config[name as SettingName] === settings[name as SettingName].defaultValue,
  );
  return { ...config, ...Object.fromEntries(untouched) };
}
