import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import type { ReportAnswer, SalesByStateRow } from '../../../contract/report.ts';
import { Failure } from '../../components/failure.tsx';
import { Segmented } from '../../components/segmented.tsx';
import type { Choice } from './choice.ts';
import { Exports } from './exports.tsx';
import { hasPerCapita, measureAgainst, measures, type StateMeasure } from './measures.ts';
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
const baseOptions = [
  { value: 'total', label: 'In total', content: 'Total' },
  { value: 'people', label: 'Per 10,000 people', content: 'Per 10K people' },
  { value: 'households', label: 'Per 1,000 households', content: 'Per 1K homes' },
] as const;
const viewOptions = [
  { value: 'map', label: 'Map' },
  { value: 'table', label: 'Table' },
] as const;

/** How the states compare: a map beside a ranking, or every figure as a table. */
export function Places({ choice, choose, states, period, onSelect, onLookAt }: PlacesProps) {
  const measure = measureAgainst(choice.measure, choice.per);
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
        {hasPerCapita(choice.measure) && (
          <Segmented
            label="Set against"
            options={baseOptions}
            value={choice.per}
            onChange={(per) => choose({ per })}
            className="bases"
          />
        )}
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
            per={choice.per}
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
      {choice.per !== 'total' && hasPerCapita(choice.measure) && <CensusNote rows={rows ?? []} per={choice.per} />}
    </section>
  );
}

/** Whose figures the people and households are, and of when. */
function CensusNote({ rows, per }: { rows: readonly SalesByStateRow[]; per: 'people' | 'households' }) {
  const years = rows.flatMap((row) => (per === 'people' ? row.population_year : row.households_year) ?? []);
  if (years.length === 0) return <p className="census-note">There are no census figures for these states.</p>;
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const written = first === last ? `${last}` : `${first} to ${last}`;
  return (
    <p className="census-note">
      {per === 'people' ? 'People' : 'Households'} of {written}: U.S. Census Bureau, figures of{' '}
      {rows.find((row) => row.census_vintage)?.census_vintage}.
    </p>
  );
}

interface MapAndRankingProps {
  rows: readonly SalesByStateRow[] | undefined;
  measure: StateMeasure;
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

function amounts(rows: readonly SalesByStateRow[], measure: StateMeasure): number[] {
  return rows.flatMap((row) => {
    const value = row.state === 'unresolved' ? null : measure.value(row);
    return value === null || value === 0 ? [] : [value];
  });
}

function Legend({ scale, measure }: { scale: Scale; measure: StateMeasure }) {
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
