import type { Scenario } from '../support/scenario.ts';

/** From an empty folder to the demonstration's history in every report. */
export const start: Scenario = {
  name: 'start',
  title: 'Start of the demonstration',
  async run({ demo, say }) {
    say('slicehouse demo on an empty folder');
    const history = await demo.history();
    const ordersPerSecond = history.orders / (history.visibleSeconds - history.readySeconds);
    return {
      tables: [
        {
          title: 'From the start of the process on an empty folder',
          columns: [
            { title: 'Ready', unit: 's' },
            { title: 'First report of a state with rows', unit: 's' },
            { title: 'History accepted', unit: 's' },
            { title: 'History in every report', unit: 's' },
            { title: 'Orders', unit: 'orders' },
            { title: 'From ready to in every report', unit: 'orders/s' },
            { title: 'Memory max', unit: 'MB' },
          ],
          rows: [
            [
              history.readySeconds,
              history.firstReportSeconds,
              history.postedSeconds,
              history.visibleSeconds,
              history.orders,
              ordersPerSecond,
              history.peakMemoryMb,
            ],
          ],
        },
      ],
      figures: [
        { name: 'History in every report', value: history.visibleSeconds, unit: 's', better: 'lower', expected: 60 },
        { name: 'First report of a state with rows', value: history.firstReportSeconds, unit: 's', better: 'lower' },
        { name: 'History orders a second', value: ordersPerSecond, unit: 'orders/s', better: 'higher' },
      ],
      notes: [],
    };
  },
};
