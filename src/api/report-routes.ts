import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import {
  type ReferenceReads,
  ReportAnswerSchema,
  ReportDescriptionSchema,
  type ReportFormat,
  reportFormats,
} from '../contract/report.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { catalogue, findReport } from '../reports/catalogue.ts';
import { type ParameterTable, readParameters } from '../reports/parameters.ts';
import { describeReport, parameterSchema, type Report } from '../reports/report.ts';
import type { Row, SqlParameters, Warehouse } from '../warehouse/warehouse.ts';
import { csvLines } from './csv.ts';
import { sheetRowsMax, xlsx } from './xlsx.ts';

export interface ReportRoutesOptions {
  readonly warehouse: Warehouse;
  readonly access: Access;
  /** Exports that an engine writes as files lie here for as long as they are being sent. */
  readonly exportFolder: string;
  /** When stores and customers were last read from their source; undefined where there is none. */
  readonly reference?: () => ReferenceReads | undefined;
}

/** `GET /v1/reports` and one address for each report of the catalogue. */
export function reportRoutes(app: App, options: ReportRoutesOptions): void {
  const { access } = options;
  app.get('/v1/reports', { schema: catalogueDescription }, async (request) => {
    access.require(request, 'read');
    return { reports: catalogue.map(describeReport) };
  });
  for (const report of catalogue) {
    app.get(
      `/v1/reports/${report.name}`,
      { schema: reportDescription(report), compress: { threshold: 1024 } },
      (request, reply) => answer(report, request, reply, options),
    );
  }
  app.get('/v1/reports/:name', { schema: { hide: true } }, async (request) => {
    access.require(request, 'read');
    findReport((request.params as { name: string }).name);
  });
}

const catalogueDescription = {
  summary: 'Which reports there are',
  tags: ['reports'],
  response: { 200: Type.Object({ reports: Type.Array(ReportDescriptionSchema) }), default: ProblemSchema },
};

function reportDescription(report: Report): object {
  const query = parameterSchema(report.parameters) as { properties: Record<string, unknown> };
  const format = Type.Enum([...reportFormats], { description: 'Default json; or say it in Accept' });
  return {
    summary: report.title,
    description: report.description,
    tags: ['reports'],
    querystring: { ...query, properties: { ...query.properties, format } },
    response: { 200: ReportAnswerSchema, default: ProblemSchema },
  };
}

async function answer(
  report: Report,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ReportRoutesOptions,
): Promise<unknown> {
  options.access.require(request, 'read');
  const { format: written, ...rest } = request.query as Record<string, unknown>;
  const format = formatOf(written, request.headers.accept);
  const parameters = readParameters(report.parameters, rest, format !== 'json');
  const abort = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) abort.abort();
  });
  if (format === 'json') return answerJson(report, parameters, options, abort.signal);
  reply.header('content-disposition', `attachment; filename="${fileName(report, parameters)}.${format}"`);
  if (format === 'csv') return answerCsv(report, parameters, reply, options.warehouse, abort.signal);
  if (format === 'xlsx') return answerXlsx(report, parameters, reply, options.warehouse, abort.signal);
  return answerParquet(report, parameters, reply, options);
}

/** The freshness is read first, so that what it promises is in the rows. */
async function answerJson(
  report: Report,
  parameters: SqlParameters,
  { warehouse, reference }: ReportRoutesOptions,
  signal: AbortSignal,
): Promise<object> {
  const { visibleThrough, dataVersion } = warehouse.status();
  const reads = reference?.();
  const rows = await warehouse.query(report.sql, parameters, signal);
  return {
    report: report.name,
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null)),
    freshness: { visible_through: visibleThrough, data_version: dataVersion, ...(reads && { reference: reads }) },
    rows: parseJsonColumns(report, rows),
  };
}

function parseJsonColumns(report: Report, rows: Row[]): Row[] {
  const names = report.columns.filter((column) => column.type === 'json').map((column) => column.name);
  for (const row of rows) for (const name of names) row[name] = JSON.parse(String(row[name]));
  return rows;
}

function answerCsv(
  report: Report,
  parameters: SqlParameters,
  reply: FastifyReply,
  warehouse: Warehouse,
  signal: AbortSignal,
): FastifyReply {
  const columns = report.columns.map((column) => column.name);
  const lines = csvLines(columns, warehouse.stream(report.sql, parameters, signal));
  return reply.type('text/csv; charset=utf-8').send(Readable.from(lines));
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function answerXlsx(
  report: Report,
  parameters: SqlParameters,
  reply: FastifyReply,
  warehouse: Warehouse,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const rows = await warehouse.query(report.sql, parameters, signal);
  if (rows.length >= sheetRowsMax) {
    const detail = `A sheet holds ${sheetRowsMax.toLocaleString('en-US')} rows, and these are ${rows.length.toLocaleString('en-US')}. Use csv or parquet.`;
    throw new SlicehouseError('invalid_parameter', detail);
  }
  return reply
    .header('slicehouse-rows', rows.length)
    .type(xlsxType)
    .send(await xlsx(report.columns, rows));
}

let exports = 0;

async function answerParquet(
  report: Report,
  parameters: SqlParameters,
  reply: FastifyReply,
  options: ReportRoutesOptions,
): Promise<FastifyReply> {
  if (!options.warehouse.capabilities.parquetExport)
    throw new SlicehouseError('invalid_parameter', 'This warehouse does not write Parquet; use csv.');
  exports += 1;
  const path = join(options.exportFolder, `${process.pid}-${exports}.parquet`);
  const rows = await options.warehouse.exportParquet(report.sql, parameters, path);
  const file = createReadStream(path);
  file.on('close', () => void rm(path, { force: true }));
  return reply.header('slicehouse-rows', rows).type('application/vnd.apache.parquet').send(file);
}

function formatOf(written: unknown, accept: string | undefined): ReportFormat {
  if (written === undefined || written === '') {
    if (accept?.includes('text/csv')) return 'csv';
    if (accept?.includes(xlsxType)) return 'xlsx';
    return accept?.includes('application/vnd.apache.parquet') ? 'parquet' : 'json';
  }
  const format = reportFormats.find((known) => known === written);
  if (format) return format;
  const message = `must be one of ${reportFormats.join(', ')}; it is '${String(written).slice(0, 40)}'`;
  throw new SlicehouseError('invalid_parameter', `format ${message}.`, { errors: [{ path: 'format', message }] });
}

function fileName(report: Report, parameters: SqlParameters): string {
  const table: ParameterTable = report.parameters;
  const chosen = Object.keys(table).flatMap((name) =>
    name === 'limit' || parameters[name] === null ? [] : [String(parameters[name])],
  );
  return [report.name, ...chosen].join('-');
}
