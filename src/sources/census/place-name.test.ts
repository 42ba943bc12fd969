import { expect, it } from 'vitest';
import { placeName } from './place-name.ts';

it.each([
  ['Abanda CDP', 'Abanda'],
  ['Oklahoma City city', 'Oklahoma City'],
  ['Carson City', 'Carson City'],
  ['Boise City city', 'Boise'],
  ['Urban Honolulu CDP', 'Honolulu'],
  ['Indianapolis city (balance)', 'Indianapolis'],
  ['Nashville-Davidson metropolitan government (balance)', 'Nashville'],
  ['Louisville/Jefferson County metro government (balance)', 'Louisville'],
  ['Athens-Clarke County unified government (balance)', 'Athens'],
  ['Macon-Bibb County', 'Macon'],
  ['Lynchburg, Moore County metropolitan government', 'Lynchburg'],
  ['Lexington-Fayette urban county', 'Lexington'],
  ['Islamorada, Village of Islands village', 'Islamorada, Village of Islands'],
  ['Echols County consolidated government', 'Echols County'],
  ['Wilkes-Barre city', 'Wilkes-Barre'],
  ['Juneau city and borough', 'Juneau'],
  ['San Juan zona urbana', 'San Juan'],
  ['El Paso de Robles (Paso Robles) city', 'El Paso de Robles (Paso Robles)'],
  ['constructor', 'constructor'],
])('people call %s %s', (official, name) => {
  expect(placeName(official)).toBe(name);
});
