import type { Command } from 'commander';
import { configOf, withSettings } from '../command-context.ts';
import { openHouse } from '../house.ts';
import { listen, stopAsked, untilStopped } from '../serve.ts';

export function startCommand(program: Command): void {
  withSettings(
    program.command('start').description('Serve a data folder, new or existing: API, loading, dashboard'),
  ).action(async (_options: unknown, command: Command) => {
    const house = await openHouse(configOf(command));
    const asked = stopAsked();
    try {
      const url = await listen(house);
      process.stdout.write(`Slicehouse is ready on ${url}\n`);
    } catch (error) {
      await house.close();
      throw error;
    }
    await untilStopped(house, asked);
  });
}
