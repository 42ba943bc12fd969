/** The parts of a pizza that have names of their own. */
export const vocabularyFields = ['crust', 'sauce', 'cheese', 'size', 'topping'] as const;
export type VocabularyField = (typeof vocabularyFields)[number];

/** Synonyms by field: canonical term -> other ways to write it. Plain text; case, spaces and accents do not matter. */
export type Synonyms = Partial<Record<VocabularyField, Readonly<Record<string, readonly string[]>>>>;

/** What the stages call things out of the box; a config file extends it (`synonyms`). */
export const defaultSynonyms: Synonyms = {
  crust: {
    hand_tossed: ['hand tossed crust', 'handtossed', 'classic hand tossed'],
    thin: ['thin crust', 'thin and crispy', 'crispy thin', 'crunchy thin'],
    deep_dish: ['deep dish crust', 'deepdish', 'chicago style'],
    pan: ['pan crust', 'pan pizza', 'handmade pan'],
    stuffed: ['stuffed crust'],
    brooklyn: ['brooklyn style', 'new york style', 'ny style'],
    gluten_free: ['gluten free crust', 'gf'],
  },
  sauce: {
    tomato: ['tomato sauce', 'red', 'red sauce', 'marinara', 'pizza sauce', 'traditional'],
    bbq: ['barbecue', 'barbecue sauce', 'bbq sauce', 'barbeque'],
    white: ['white sauce', 'alfredo', 'alfredo sauce', 'garlic parmesan'],
    pesto: ['pesto sauce'],
    none: ['no sauce'],
  },
  cheese: {
    regular: ['normal', 'standard', 'mozzarella', 'mozzarella cheese'],
    extra: ['double', 'extra cheese'],
    light: ['lite', 'less'],
    none: ['no', 'no cheese'],
  },
  size: {
    small: ['s', 'sm', 'personal', '10 inch'],
    medium: ['m', 'med', '12 inch'],
    large: ['l', 'lg', '14 inch'],
    x_large: ['xl', 'extra large', 'x large', '16 inch'],
    xx_large: ['xxl', 'xx large', '18 inch'],
  },
  topping: {
    anchovy: ['anchovies'],
    artichoke: ['artichokes', 'artichoke hearts'],
    bacon: ['bacon bits', 'smoked bacon'],
    banana_pepper: ['banana peppers'],
    basil: ['fresh basil'],
    beef: ['ground beef'],
    black_olive: ['black olives', 'olive', 'olives'],
    chicken: ['grilled chicken'],
    extra_cheese: ['double cheese'],
    green_olive: ['green olives'],
    green_pepper: ['green peppers', 'bell pepper', 'bell peppers', 'green bell pepper', 'green bell peppers'],
    ham: ['sliced ham'],
    jalapeno: ['jalapenos', 'jalapeno pepper', 'jalapeno peppers'],
    kalamata_olive: ['kalamata olives'],
    mozzarella: ['mozzarella cheese'],
    feta: ['feta cheese'],
    mushroom: ['mushrooms', 'fresh mushrooms'],
    onion: ['onions'],
    pepperoni: ['pepperonis', 'peperoni'],
    pineapple: ['pineapples', 'pineapple chunks'],
    red_onion: ['red onions'],
    red_pepper: ['red peppers', 'red bell pepper', 'red bell peppers'],
    salami: ['salamis'],
    sausage: ['sausages', 'italian sausage', 'pork sausage'],
    spinach: ['baby spinach', 'fresh spinach'],
    sun_dried_tomato: ['sun dried tomatoes', 'sundried tomato', 'sundried tomatoes'],
    tomato: ['tomatoes', 'diced tomatoes', 'fresh tomatoes'],
  },
};

/** Turns what people write into canonical terms: `term('topping', ' Bell  Peppers')` is `green_pepper`. */
export interface Vocabulary {
  term(field: VocabularyField, written: string): string;
}

/**
 * The plain form of a name: no case, no accents, one underscore for spaces and marks that the combination key
 * uses itself. A name made of such marks only is `unspecified`.
 */
export function plainTerm(written: string): string {
  const plain = written
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\s_\-|,/*.'’"&+\\()]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return plain === '' ? 'unspecified' : plain;
}

/**
 * Builds a vocabulary from synonym tables; later tables extend and override earlier ones.
 *
 * @throws Error naming the terms when synonyms run in a circle
 */
export function createVocabulary(...tables: readonly Synonyms[]): Vocabulary {
  const canonical = new Map<string, string>();
  for (const table of tables) {
    for (const field of vocabularyFields) {
      const entries = Object.entries(table[field] ?? {});
      for (const [term] of entries) canonical.delete(`${field}:${plainTerm(term)}`);
      for (const [term, written] of entries)
        for (const other of written) canonical.set(`${field}:${plainTerm(other)}`, plainTerm(term));
    }
  }
  for (const [entry, term] of canonical) {
    const field = entry.slice(0, entry.indexOf(':'));
    canonical.set(entry, follow(canonical, field, term, entry));
  }
  return {
    term(field, written) {
      const plain = plainTerm(written);
      return canonical.get(`${field}:${plain}`) ?? plain;
    },
  };
}

function follow(canonical: ReadonlyMap<string, string>, field: string, term: string, start: string): string {
  const seen = new Set([start]);
  let current = term;
  for (;;) {
    const entry = `${field}:${current}`;
    const next = canonical.get(entry);
    if (next === undefined || next === current) return current;
    if (seen.has(entry)) throw new Error(`Synonyms for ${field} run in a circle: ${[...seen].join(' -> ')}.`);
    seen.add(entry);
    current = next;
  }
}
