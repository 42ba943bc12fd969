import { describe, expect, it } from 'vitest';
import { parseCombination } from './combination.ts';
import { combinationLabel } from './combination-label.ts';

const label = (key: string): string => combinationLabel(parseCombination(key));

describe('the label of a combination', () => {
  it.each([
    ['thin|tomato|regular|mushroom/left,pepperoni', 'Thin · pepperoni, mushroom (left half)'],
    ['thin|unspecified|unspecified|mushroom,pepperoni/left', 'Thin · mushroom, pepperoni (left half)'],
    ['hand_tossed|bbq|extra|chicken*extra,red_onion', 'Hand-tossed · BBQ · extra cheese · extra chicken, red onion'],
    ['pan|none|none|jalapeno*light', 'Pan · no sauce · no cheese · light jalapeño'],
    ['stuffed|white|feta|spinach/left*extra', 'Stuffed · white · feta · extra spinach (left half)'],
    ['unspecified|tomato|regular|', 'No toppings'],
    ['gluten_free|unspecified|light|', 'Gluten-free · light cheese · no toppings'],
  ])('of %s is "%s"', (key, written) => {
    expect(label(key)).toBe(written);
  });

  it('spells a name that JavaScript knows like any other', () => {
    expect(label('constructor|unspecified|unspecified|proto')).toBe('Constructor · proto');
  });
});
