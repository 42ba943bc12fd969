import type { ReactNode } from 'react';

function pepperRing(skin: string, flesh: string): ReactNode {
  return (
    <>
      <path
        d="M0-6.500C3-8.5 7.5-6 6.5-2 9 1 6 6.5 2 5.5 0 8-5 7-5.2 3-8.5 1-7.5-5-3.5-5.2-2.8-7.5-1-7.5 0-6.500Z"
        fill="none"
        stroke={skin}
        strokeWidth="2.8"
      />
      <path
        d="M0-6.500C3-8.5 7.5-6 6.5-2 9 1 6 6.5 2 5.5 0 8-5 7-5.2 3-8.5 1-7.5-5-3.5-5.2-2.8-7.5-1-7.5 0-6.500Z"
        fill="none"
        stroke={flesh}
        strokeWidth="0.9"
      />
    </>
  );
}

function olive(skin: string, shine: string): ReactNode {
  return (
    <>
      <ellipse rx="5.6" ry="5" fill={skin} />
      <path d="M-3.8-1.500Q-2.5-4 1-4" fill="none" stroke={shine} strokeWidth="1" strokeLinecap="round" />
      <ellipse rx="2.3" ry="2" fill="#f3ce6e" />
    </>
  );
}

function onionRings(outer: string, inner: string): ReactNode {
  return (
    <g fill="none" strokeLinecap="round">
      <path d="M-7 3.500A7.5 7.5 0 0 1 7 3.5" stroke={outer} strokeWidth="2.4" />
      <path d="M-4.4 4A4.8 4.8 0 0 1 4.4 4" stroke={inner} strokeWidth="1.9" />
    </g>
  );
}

function tomatoSlice(skin: string, flesh: string): ReactNode {
  return (
    <>
      <circle r="7.4" fill={skin} />
      <circle r="5.9" fill={flesh} />
      <path d="M0-5.500V5.500M-4.8-2.7 4.8 2.700M-4.8 2.7 4.8-2.7" stroke={skin} strokeWidth="1.2" />
      <circle r="1.5" fill={skin} />
      <circle cx="2.7" cy="-3.2" r="0.7" fill="#fbe3a8" />
      <circle cx="-2.7" cy="3.2" r="0.7" fill="#fbe3a8" />
      <circle cx="-3.6" cy="-0.2" r="0.7" fill="#fbe3a8" />
    </>
  );
}

/** Vegetables, fruit and herbs, each within a radius of about 8. */
export const vegetables: Readonly<Record<string, ReactNode>> = {
  mushroom: (
    <>
      <path
        d="M-8 .5C-8-6-4-8 0-8S8-6 8 .5C6 2.6 3.4 2.2 2.6 2.400L2.4 6.800Q0 8.4-2.4 6.800L-2.6 2.400C-3.4 2.2-6 2.6-8 .5Z"
        fill="#efe3cf"
        stroke="#a68c68"
        strokeWidth="1.2"
      />
      <path d="M-5-.6Q0-5.4 5-.6" fill="none" stroke="#a68c68" strokeWidth="1.1" />
    </>
  ),
  green_pepper: pepperRing('#3f8f37', '#a4d48c'),
  red_pepper: pepperRing('#c32f24', '#f4a08c'),
  onion: onionRings('#fffef6', '#c9bd93'),
  red_onion: onionRings('#96396f', '#f3e1ee'),
  black_olive: olive('#2c2a2b', '#77727a'),
  green_olive: olive('#85963b', '#c5d083'),
  kalamata_olive: olive('#54294a', '#9a6b90'),
  tomato: tomatoSlice('#d8452f', '#f08a6b'),
  sun_dried_tomato: (
    <>
      <path d="M-7-1.500Q-5-6 0-4.500T7-2Q8 3 3 4.800T-5.5 3.500Q-8 1.5-7-1.500Z" fill="#8c2418" />
      <path d="M-4.5-1Q-1-3.5 4-1M-3.5 1.800Q0 .4 4 2" fill="none" stroke="#c9583c" strokeWidth="1.2" />
    </>
  ),
  jalapeno: (
    <>
      <circle r="5.8" fill="#3f8a35" />
      <circle r="4.3" fill="#d5ebb0" />
      <path d="M0-4.300V4.300M-3.8 2 3.8-2" stroke="#8dba62" strokeWidth="1" />
      <circle cx="-1.9" cy="-1.4" r="0.8" fill="#f7f3cf" stroke="#9aa85a" strokeWidth="0.4" />
      <circle cx="1.9" cy="1.6" r="0.8" fill="#f7f3cf" stroke="#9aa85a" strokeWidth="0.4" />
    </>
  ),
  banana_pepper: (
    <>
      <circle r="5.8" fill="#a68b0f" />
      <circle r="4.1" fill="#fbf5bd" />
      <circle r="2.2" fill="none" stroke="#d3bb3a" strokeWidth="0.9" />
      <circle cx="-1.2" cy="0.4" r="0.7" fill="#c5a91d" />
      <circle cx="1.2" cy="-0.6" r="0.7" fill="#c5a91d" />
    </>
  ),
  pineapple: (
    <>
      <path d="M0-7.6 8.2 5.4Q0 9.8-8.2 5.4Z" fill="#b98a10" />
      <path d="M0-4.8 5.5 4.200Q0 7-5.5 4.200Z" fill="#fbe468" />
      <path d="M0-2V5M-2.6 1 -3.2 4.300M2.6 1 3.2 4.3" stroke="#e0b830" strokeWidth="0.9" />
    </>
  ),
  basil: (
    <>
      <path d="M0-8.500Q7.5-2.5 0 8.5-7.5-2.5 0-8.500Z" fill="#2f7d32" />
      <path d="M0-7V7M0-2.5 2.6-4M0-2.5-2.6-4M0 1.5 2.8-.4M0 1.5-2.8-.4" stroke="#8cc06c" strokeWidth="0.8" />
    </>
  ),
  spinach: (
    <>
      <path d="M-1-7.500Q6-7 6.5-1T0 7Q-7 5.5-6.5-1T-1-7.500Z" fill="#2c6630" />
      <path d="M-3 5.500Q0 0 2.5-5.500M-1 1.5-4.5-.5M1-2.5 4.8-1.8" fill="none" stroke="#79a860" strokeWidth="1" />
    </>
  ),
  artichoke: (
    <>
      <path d="M0-7.500Q6-3 6 2T0 7.500Q-6 7-6 2T0-7.500Z" fill="#8a9a57" />
      <path d="M0-5Q4-1.5 4 2.500T0 6.500Q-4 6-4 2.500T0-5Z" fill="#dbe0ad" />
      <path d="M0-2.500V6M-2 1V5M2 1V5" stroke="#97a562" strokeWidth="0.9" strokeLinecap="round" />
    </>
  ),
};
