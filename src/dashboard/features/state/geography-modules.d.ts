// The parts of these packages that the map uses; they ship without types.
interface StateFeature {
  readonly id: string | number;
  readonly properties: { readonly name: string };
}

interface StatesTopology {
  readonly objects: { readonly states: object };
}

declare module 'd3-geo' {
  interface GeoPath {
    (feature: StateFeature): string | null;
    centroid(feature: StateFeature): [number, number];
    digits(count: number): GeoPath;
  }
  export function geoPath(): GeoPath;
}

declare module 'topojson-client' {
  export function feature(topology: StatesTopology, object: object): { features: StateFeature[] };
}

declare module 'us-atlas/states-albers-10m.json' {
  const atlas: StatesTopology;
  // biome-ignore lint/style/noDefaultExport: a JSON module has nothing else
  export default atlas;
}
