import Type, { type Static, type TSchema } from 'typebox';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const instant = (description: string) => Type.String({ description: `${description}, RFC 3339` });
const instantOrNull = (description: string) => orNull(instant(description));

export const refreshTriggers = ['schedule', 'catch_up', 'hand'] as const;
export type RefreshTrigger = (typeof refreshTriggers)[number];
export const refreshStatuses = ['running', 'done', 'failed', 'interrupted'] as const;
export type RefreshStatus = (typeof refreshStatuses)[number];
export const stepStatuses = ['running', 'done', 'skipped', 'failed'] as const;
export type StepStatus = (typeof stepStatuses)[number];
export const checkStatuses = ['passed', 'warned', 'failed'] as const;
export type CheckStatus = (typeof checkStatuses)[number];
export const checkUnits = ['share', 'ratio', 'count', 'cents'] as const;
export type CheckUnit = (typeof checkUnits)[number];

const went = {
  status: Type.Enum([...stepStatuses]),
  started_at: instant('When it began'),
  finished_at: instantOrNull('When it ended; null while it runs'),
  rows: orNull(Type.Integer({ description: 'Rows read, moved or checked; null where there is nothing to count' })),
  detail: orNull(Type.String({ description: 'What it did, or why it failed, for people' })),
};

export const StepPartSchema = Type.Object({ part: Type.String({ description: 'A table of a source' }), ...went });
/** What a part of a step came to, such as one table of a source. */
export type StepPart = Static<typeof StepPartSchema>;

export const StepSchema = Type.Object({
  step: Type.String({ description: 'sources, census, compaction and so on, in the order they run' }),
  ...went,
  parts: Type.Array(StepPartSchema, { description: 'Of sources: stores, customers, menu_items' }),
});
/** A step of a refresh, as its ledger has it. */
export type Step = Static<typeof StepSchema>;

export const CheckResultSchema = Type.Object({
  name: Type.String(),
  status: Type.Enum([...checkStatuses]),
  observed: orNull(Type.Number({ description: 'Null when there was nothing to look at' })),
  expected: Type.String({ description: 'What is allowed' }),
  message: Type.String({ description: 'What was seen, in a sentence' }),
});
/** The outcome of one data check: what was seen, what is expected, and a sentence a manager understands. */
export type CheckResult = Static<typeof CheckResultSchema>;

export const RefreshRunSchema = Type.Object({
  run_id: Type.String(),
  business_date: Type.String({ description: 'YYYY-MM-DD in the zone of the schedule' }),
  scheduled_at: instantOrNull('When it was due; null when somebody started it'),
  trigger: Type.Enum([...refreshTriggers]),
  status: Type.Enum([...refreshStatuses]),
  started_at: instant('When it began'),
  finished_at: instantOrNull('When it ended; null while it runs'),
  missed_dates: Type.Integer({ description: 'Earlier business dates that it stands for as well' }),
  steps: Type.Array(StepSchema),
  checks: Type.Array(CheckResultSchema),
});
/** A run of the refresh with its steps and data checks. */
export type RefreshRun = Static<typeof RefreshRunSchema>;

export const DataCheckStateSchema = Type.Object({
  name: Type.String(),
  title: Type.String({ description: 'Its name in words' }),
  looks_at: Type.String({ description: 'What it looks at; days are counted from business_date' }),
  unit: Type.Enum([...checkUnits], { description: 'Of observed' }),
  expected: Type.String({ description: 'What is allowed' }),
  status: orNull(Type.Enum([...checkStatuses], { description: 'Null before the first time' })),
  observed: orNull(Type.Number({ description: 'Null when there was nothing to look at' })),
  message: orNull(Type.String({ description: 'What was seen, in a sentence' })),
  business_date: orNull(Type.String({ description: 'Of the refresh that ran it last' })),
  checked_at: instantOrNull('When that refresh began'),
  since: instantOrNull('Since when it comes to this status every time'),
});
/** A data check and what it came to last. */
export type DataCheckState = Static<typeof DataCheckStateSchema>;

export const NextRefreshSchema = Type.Object(
  {
    at: instant('When it begins'),
    business_date: Type.String({ description: 'YYYY-MM-DD in the zone of the schedule' }),
    time_zone: Type.String({ description: 'Zone of the schedule, such as America/New_York' }),
    is_retry: Type.Boolean({ description: 'The run of this business date failed and is tried again' }),
  },
  { description: 'The run that begins next by itself; none does before the first order is loaded' },
);
export type NextRefresh = Static<typeof NextRefreshSchema>;
