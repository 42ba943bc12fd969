import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../test/support/property.ts';
import { createVocabulary, defaultSynonyms, plainTerm, type Synonyms, vocabularyFields } from './vocabulary.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const field = fc.constantFrom(...vocabularyFields);

describe('plainTerm', () => {
  it.each([
    [' Bell  Peppers ', 'bell_peppers'],
    ['JALAPEÑO', 'jalapeno'],
    ['half-n-half', 'half_n_half'],
    ['ﬁg & ham', 'fig_ham'],
    ["Frank's", 'frank_s'],
    ['a|b,c/d*e', 'a_b_c_d_e'],
    ['***', 'unspecified'],
    ['🍍 chunks', '🍍_chunks'],
  ])('of "%s" is %s', (written, plain) => {
    expect(plainTerm(written)).toBe(plain);
  });

  it('changes nothing the second time, and leaves no mark that the key uses, for any text', () => {
    fc.assert(
      fc.property(anyText, (written) => {
        const plain = plainTerm(written);
        expect(plainTerm(plain)).toBe(plain);
        expect(plain).toMatch(/^[^|,/*\s]+$/u);
      }),
      runs(2000),
    );
  });
});

describe('a vocabulary', () => {
  it('leaves canonical terms alone, for any text', () => {
    const vocabulary = createVocabulary(defaultSynonyms);
    const known = Object.values(defaultSynonyms).flatMap((table) => Object.entries(table).flat(2));
    fc.assert(
      fc.property(field, fc.oneof(anyText, fc.constantFrom(...known)), (name, written) => {
        const term = vocabulary.term(name, written);
        expect(vocabulary.term(name, term)).toBe(term);
      }),
      runs(1000),
    );
  });

  it('keeps the fields apart', () => {
    const vocabulary = createVocabulary(defaultSynonyms);
    expect(vocabulary.term('cheese', 'mozzarella')).toBe('regular');
    expect(vocabulary.term('topping', 'Mozzarella Cheese')).toBe('mozzarella');
  });

  it('lets a later table override an earlier one', () => {
    const vocabulary = createVocabulary({ topping: { ham: ['gammon'] } }, { topping: { bacon: ['gammon'] } });
    expect(vocabulary.term('topping', 'gammon')).toBe('bacon');
  });

  it('follows synonyms of synonyms to the end', () => {
    const vocabulary = createVocabulary({ topping: { a: ['b'] } }, { topping: { c: ['a'] } });
    expect(vocabulary.term('topping', 'b')).toBe('c');
  });

  it('turns a synonym round when a later table says so', () => {
    const vocabulary = createVocabulary({ topping: { a: ['b'] } }, { topping: { b: ['a'] } });
    expect([vocabulary.term('topping', 'a'), vocabulary.term('topping', 'b')]).toEqual(['b', 'b']);
  });

  it('refuses synonyms that run in a circle and names them', () => {
    const circle: Synonyms = { topping: { ham: ['bacon'], speck: ['ham'], bacon: ['speck'] } };
    expect(() => createVocabulary(defaultSynonyms, circle)).toThrow(/topping run in a circle: .*ham.*speck/);
    expect(() => createVocabulary({ crust: { x: ['y'], y: ['x'] } })).toThrow(/crust run in a circle/);
  });
});
