import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import type { ReportAnswer, SalesByStateRow } from '../../../contract/report.ts';
import { Failure } from '../../components/failure.tsx';
import { Segmented } from '../../components/segmented.tsx';
import type { Choice } from './choice.ts';
import { Exports } from './exports.tsx';
import { type Measure, measureOf, measures } from './measures.ts';
import { type Period, writePeriod } from './periods.ts';
import { Ranking } from './ranking.tsx';
import { type Scale, scaleOf } from './scale.ts';
import { StatesTable } from './states-table.tsx';
import type { Choose } from './use-choice.ts';

const UsMap = lazy(() => import('./us-map.tsx').then(({ UsMap: Component }) => ({ default: Component })));

interface PlacesProps {
  choice: Choice;
  choose: Choose;
  states: UseQueryResult<ReportAnswer<SalesByStateRow>>;
  period: Period;
  onSelect: (state: string | undefined) => void;
  onLookAt: (state: string) => void;
}

const measureOptions = measures.map(({ name, title, short }) => ({ value: name, label: title, content: short }));
const viewOptions = [
  { value: 'map', label: 'Map' },
  { value: 'table', label: 'Table' },
] as const;

/** How the states compare: a map beside a ranking, or every figure as a table. */
export function Places({ choice, choose, states, period, onSelect, onLookAt }: PlacesProps) {
  const measure = measureOf(choice.measure);
  const rows = states.data?.rows;
  return (
    <section className="panel places" aria-labelledby="places-title">
      <div className="panel-head">
        <h2 id="places-title">
          {measure.title} by state <small>{writePeriod(period)}</small>
        </h2>
        <Segmented
          label="Measure"
          options={measureOptions}
          value={choice.measure}
          onChange={(name) => choose({ measure: name })}
          className="measures"
        />
        <Segmented
          label="Show as"
          options={viewOptions}
          value={choice.places}
          onChange={(places) => choose({ places })}
        />
      </div>
      {states.isError && !rows ? (
        <Failure error={states.error} onRetry={states.refetch} />
      ) : choice.places === 'table' ? (
        <>
          <StatesTable
            rows={rows ?? []}
            measure={measure}
            selected={choice.state}
            onSelect={onSelect}
            onLookAt={onLookAt}
            onMeasure={(name) => choose({ measure: name })}
          />
          <Exports report="sales-by-state" parameters={{ from: period.from, to: period.to }} />
        </>
      ) : (
        <MapAndRanking rows={rows} measure={measure} selected={choice.state} onSelect={onSelect} onLookAt={onLookAt} />
      )}
    </section>
  );
}

interface MapAndRankingProps {
  rows: readonly SalesByStateRow[] | undefined;
  measure: Measure;
  selected: string | undefined;
  onSelect: (state: string | undefined) => void;
  onLookAt: (state: string) => void;
}

function MapAndRanking({ rows, measure, selected, onSelect, onLookAt }: MapAndRankingProps) {
  const byState = useMemo(() => new Map(rows?.map((row) => [row.state, row])), [rows]);
  const scale = useMemo(() => scaleOf(amounts(rows ?? [], measure)), [rows, measure]);
  return (
    <div className="map-and-ranking">
      <div className="map-side">
        <Suspense fallback={<div className="map-skeleton skeleton" />}>
          <UsMap
            rows={byState}
            measure={measure}
            scale={scale}
            selected={selected}
            onSelect={onSelect}
            onLookAt={onLookAt}
          />
        </Suspense>
        <Legend scale={scale} measure={measure} />
      </div>
      <Ranking rows={rows} measure={measure} selected={selected} onSelect={onSelect} onLookAt={onLookAt} />
    </div>
  );
}

function amounts(rows: readonly SalesByStateRow[], measure: Measure): number[] {
  return rows.flatMap((row) => {
    const value = row.state === 'unresolved' ? null : measure.value(row);
    return value === null || value === 0 ? [] : [value];
  });
}

function Legend({ scale, measure }: { scale: Scale; measure: Measure }) {
  return (
    <div className="legend">
      <span className="legend-title">{measure.unit}</span>
      <ol>
        <li className="legend-none">
          <i data-tint="none" aria-hidden="true" />
          none
        </li>
        {scale.bounds.map((bound) => (
          <li key={bound}>
            <i data-tint={scale.tint(bound)} aria-hidden="true" />
            {measure.brief(bound)}
            <span className="visually-hidden"> and more</span>
          </li>
        ))}
      </ol>
      {scale.bounds.length > 0 && <span className="legend-most">{measure.brief(scale.most)}</span>}
    </div>
  );
}
