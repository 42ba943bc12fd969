import type { ReactNode } from 'react';
import { meats } from './meats.tsx';
import { hashOf } from './random.ts';
import { vegetables } from './vegetables.tsx';

const cheeses: Readonly<Record<string, ReactNode>> = {
  extra_cheese: (
    <>
      <path d="M-7.5 0Q-8-5-2-5T7.5-1.500Q8.5 4 2 5T-7.5 0Z" fill="#fff4c8" stroke="#c98f2a" strokeWidth="1.3" />
      <path d="M-4-1.500Q0-3.5 4-1M-3 2Q.5.5 4 2.4" fill="none" stroke="#eec25e" strokeWidth="1.2" />
    </>
  ),
  mozzarella: (
    <>
      <circle r="7.6" fill="#fffdf6" stroke="#d8c89c" strokeWidth="1.2" />
      <path d="M-4.5-1.500A5 5 0 0 1 1-4.7" fill="none" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" />
      <path d="M-2 4.500A5 5 0 0 0 4.6 1" fill="none" stroke="#e6dab8" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  feta: (
    <g fill="#fffef8" stroke="#b9b293" strokeWidth="0.9">
      <rect x="-6" y="-5" width="5.5" height="5" rx="1" />
      <rect x="0.8" y="-3.5" width="5" height="4.8" rx="1" />
      <rect x="-3" y="1.2" width="5.6" height="4.8" rx="1" />
    </g>
  ),
};

const shapes: readonly ReactNode[] = [
  <circle key="circle" r="5.6" />,
  <rect key="square" x="-5" y="-5" width="10" height="10" rx="1.5" />,
  <path key="triangle" d="M0-6.5 6.5 5h-13Z" />,
  <path key="diamond" d="M0-7 5 0 0 7-5 0Z" />,
  <path key="bar" d="M-7-2.200H7V2.200H-7Z" />,
];
const tones = ['#8a8178', '#6f7a86', '#9b8a5c', '#7d6b8a', '#5f8581', '#a0776a'] as const;
const strangers: Readonly<Record<string, ReactNode>> = Object.fromEntries(
  shapes.flatMap((shape, at) =>
    tones.map((tone, nth) => [
      `other-${at * tones.length + nth}`,
      <g key={tone} fill={tone} stroke="#fff8e6" strokeWidth="1.4" strokeLinejoin="round">
        {shape}
      </g>,
    ]),
  ),
);

/** Every glyph by the name of its topping, and the neutral ones for toppings without. */
export const glyphs: Readonly<Record<string, ReactNode>> = { ...meats, ...vegetables, ...cheeses, ...strangers };

/** What is cut small is drawn a little larger, to be seen at all. */
export const enlargements: Readonly<Record<string, number>> = {
  onion: 1.25,
  red_onion: 1.15,
  jalapeno: 1.2,
  banana_pepper: 1.2,
  black_olive: 1.15,
  green_olive: 1.15,
  kalamata_olive: 1.15,
  feta: 1.15,
  chicken: 1.2,
  anchovy: 1.15,
};

/** Words in a topping's name that tell what it looks like, in the order they are tried. */
const families: readonly (readonly [RegExp, string])[] = [
  [/pepperoni/, 'pepperoni'],
  [/sausage|chorizo|meatball|nduja/, 'sausage'],
  [/salami|soppressata|capocollo|calabrese/, 'salami'],
  [/bacon|pancetta/, 'bacon'],
  [/ham|prosciutto/, 'ham'],
  [/beef|steak/, 'beef'],
  [/chicken|turkey/, 'chicken'],
  [/anchov/, 'anchovy'],
  [/mushroom/, 'mushroom'],
  [/olive/, 'black_olive'],
  [/onion|shallot/, 'onion'],
  [/pepperoncini/, 'banana_pepper'],
  [/chipotle|chile|chili/, 'jalapeno'],
  [/pepper/, 'red_pepper'],
  [/tomato/, 'tomato'],
  [/spinach|arugula|kale/, 'spinach'],
  [/basil|oregano|cilantro|parsley|thyme/, 'basil'],
  [/mozzarella|ricotta|burrata/, 'mozzarella'],
  [/feta|goat|gorgonzola|blue/, 'feta'],
  [/cheese|parmesan|provolone|cheddar|asiago|romano|fontina/, 'extra_cheese'],
];

/** The name of the glyph that stands for a topping: its own, its family's, or a neutral one that it always gets. */
export function glyphName(topping: string): string {
  if (Object.hasOwn(glyphs, topping)) return topping;
  const family = families.find(([words]) => words.test(topping));
  return family ? family[1] : `other-${hashOf(topping) % Object.keys(strangers).length}`;
}
