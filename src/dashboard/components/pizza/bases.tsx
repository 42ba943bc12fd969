import type { ReactNode } from 'react';
import { outline } from './outline.ts';
import { own } from './own.ts';
import { randomFrom } from './random.ts';

interface Crust {
  /** Radius of what lies inside the rim, of 62. */
  readonly inner: number;
  readonly rim: string;
  readonly edge: string;
  readonly stray: number;
  readonly extra?: ReactNode;
}

const handTossed: Crust = { inner: 52.5, rim: 'url(#pz-dough)', edge: '#a9672e', stray: 0.6 };

/** How each crust looks; others look hand-tossed. */
const crusts: Readonly<Record<string, Crust>> = {
  hand_tossed: handTossed,
  thin: { inner: 57.5, rim: '#d29a55', edge: '#8f5524', stray: 0.5 },
  brooklyn: {
    inner: 54.5,
    rim: 'url(#pz-dough)',
    edge: '#8f5524',
    stray: 1.6,
    extra: <Chars count={9} radius={58.5} />,
  },
  pan: {
    inner: 53,
    rim: '#d9a055',
    edge: '#6d3c17',
    stray: 0.3,
    extra: <Ring radius={56.5} colour="#f0c987" width={2.5} />,
  },
  deep_dish: {
    inner: 48.5,
    rim: '#c98b47',
    edge: '#7a4519',
    stray: 0.2,
    extra: <Ring radius={51} colour="#8f5826" width={4} />,
  },
  stuffed: { inner: 46.5, rim: 'url(#pz-dough)', edge: '#a9672e', stray: 0.4, extra: <Filling /> },
  gluten_free: {
    inner: 55,
    rim: '#e9cfa2',
    edge: '#b48d58',
    stray: 1.1,
    extra: <Chars count={22} radius={58.5} small />,
  },
};

/** Colours of the sauces; others are between tomato and brown. */
const sauces: Readonly<Record<string, string>> = {
  tomato: '#c6402a',
  unspecified: '#c6402a',
  bbq: '#64301d',
  white: '#f6ecd9',
  pesto: '#74923c',
  buffalo: '#dd6a2c',
  none: '#e9c88f',
};

/** How far each amount of cheese reaches, as a part of what lies inside the rim; other names are cheeses of their own. */
const reaches: Readonly<Record<string, number>> = {
  regular: 0.92,
  unspecified: 0.92,
  extra: 0.985,
  light: 0.85,
  none: 0,
};

/** Radius of the part inside the rim. */
export function innerRadius(crust: string): number {
  return (own(crusts, crust) ?? handTossed).inner;
}

/** Crust, sauce and cheese of a pizza. */
export function Base({ crust, sauce, cheese }: { crust: string; sauce: string; cheese: string }) {
  const inner = innerRadius(crust);
  const reach = (own(reaches, cheese) ?? 0.92) * inner;
  const known = Object.hasOwn(crusts, crust) ? crust : 'hand_tossed';
  return (
    <>
      <use href={`#pz-crust-${known}`} />
      <use href="#pz-sauce" fill={own(sauces, sauce) ?? '#b0553a'} transform={`scale(${inner / 50})`} />
      {reach > 0 && <use href={cheeseHref(cheese)} transform={`scale(${(reach / 50).toFixed(3)})`} />}
    </>
  );
}

function cheeseHref(cheese: string): string {
  if (cheese === 'light' || cheese === 'extra') return `#pz-cheese-${cheese}`;
  return Object.hasOwn(reaches, cheese) ? '#pz-cheese-regular' : '#pz-cheese-other';
}

/** What every base refers to; drawn once a page. */
export function BaseSymbols() {
  const cheese = outline(50, { seed: 77, stray: 1.3, corners: 26 });
  return (
    <>
      <radialGradient id="pz-dough">
        <stop offset="0.82" stopColor="#c98742" />
        <stop offset="0.91" stopColor="#e9b673" />
        <stop offset="1" stopColor="#c27d3a" />
      </radialGradient>
      <radialGradient id="pz-melt" cx="0.42" cy="0.38" r="0.7">
        <stop offset="0" stopColor="#fbe19a" />
        <stop offset="1" stopColor="#f0c45c" />
      </radialGradient>
      {Object.entries(crusts).map(([name, crust]) => (
        <g key={name} id={`pz-crust-${name}`}>
          <path d={outline(62, { seed: name.length * 41, stray: crust.stray })} fill={crust.edge} />
          <path d={outline(60.6, { seed: name.length * 41, stray: crust.stray })} fill={crust.rim} />
          {crust.extra}
        </g>
      ))}
      <path id="pz-sauce" d={outline(50, { seed: 5, stray: 0.7 })} />
      <g id="pz-cheese-regular">
        <path d={cheese} fill="url(#pz-melt)" stroke="#dda640" strokeWidth="1" />
        <Spots seed={9} count={11} colour="#fdeebb" />
        <Spots seed={23} count={5} colour="#e3ac52" />
      </g>
      <g id="pz-cheese-extra">
        <path d={cheese} fill="url(#pz-melt)" stroke="#dda640" strokeWidth="1" />
        <Spots seed={9} count={14} colour="#fdeebb" />
        <Spots seed={31} count={7} colour="#d79a45" />
      </g>
      <g id="pz-cheese-light">
        <path d={outline(50, { seed: 78, stray: 3.4, corners: 34 })} fill="#f2cb6d" stroke="#dda640" strokeWidth="1" />
        <Spots seed={15} count={9} colour="#d8643a" />
      </g>
      <g id="pz-cheese-other">
        <path d={cheese} fill="#f7ead0" stroke="#dccaa0" strokeWidth="1" />
        <Spots seed={9} count={10} colour="#fffaf0" />
      </g>
    </>
  );
}

function Spots({ seed, count, colour }: { seed: number; count: number; colour: string }) {
  const random = randomFrom(seed * 7919);
  return Array.from({ length: count }, (_, at) => {
    const angle = at * 2.4 + random();
    const distance = Math.sqrt(random()) * 41;
    return (
      <ellipse
        key={`${seed}-${angle.toFixed(3)}`}
        cx={(distance * Math.cos(angle)).toFixed(1)}
        cy={(distance * Math.sin(angle)).toFixed(1)}
        rx={(2 + random() * 3.6).toFixed(1)}
        ry={(1.6 + random() * 2.4).toFixed(1)}
        fill={colour}
        opacity="0.7"
      />
    );
  });
}

function Chars({ count, radius, small = false }: { count: number; radius: number; small?: boolean }) {
  const random = randomFrom(count * 101);
  return Array.from({ length: count }, (_, at) => {
    const angle = (at / count) * 6.283 + random() * 0.4;
    return (
      <circle
        key={angle}
        cx={(radius * Math.cos(angle)).toFixed(1)}
        cy={(radius * Math.sin(angle)).toFixed(1)}
        r={small ? 0.9 : (1.4 + random()).toFixed(1)}
        fill={small ? '#b48d58' : '#7a4217'}
        opacity="0.75"
      />
    );
  });
}

function Ring({ radius, colour, width }: { radius: number; colour: string; width: number }) {
  return <circle r={radius} fill="none" stroke={colour} strokeWidth={width} />;
}

function Filling() {
  return (
    <>
      <circle r="54.5" fill="none" stroke="#f6d684" strokeWidth="5" strokeDasharray="9 5.26" strokeLinecap="round" />
      <circle r="58.5" fill="none" stroke="#e9b673" strokeWidth="2" />
    </>
  );
}
