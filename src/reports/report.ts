import { readFileSync } from 'node:fs';
import Type from 'typebox';
import type { Column, ReportDescription } from '../contract/report.ts';
import type { ParameterTable } from './parameters.ts';

/** A report: one SQL statement with what people and programs need to know about it. */
export interface Report {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: ParameterTable;
  readonly columns: readonly Column[];
  readonly sql: string;
}

/** Declares a report; its SQL is the file of the same name in this folder. */
export function defineReport(report: Omit<Report, 'sql'>): Report {
  return { ...report, sql: readFileSync(new URL(`./${report.name}.sql`, import.meta.url), 'utf8') };
}

/** The report as the catalogue shows it. */
export function describeReport({ name, title, description, parameters, columns }: Report): ReportDescription {
  return { name, title, description, parameters: parameterSchema(parameters), columns: [...columns] };
}

/** JSON Schema of a report's query parameters; all are optional. */
export function parameterSchema(parameters: ParameterTable): ReturnType<typeof Type.Object> {
  return Type.Object(
    Object.fromEntries(Object.entries(parameters).map(([name, { schema }]) => [name, Type.Optional(schema)])),
    { additionalProperties: false },
  );
}
