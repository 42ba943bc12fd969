import type { ReactNode } from 'react';

/** Meat and fish, each within a radius of about 8. */
export const meats: Readonly<Record<string, ReactNode>> = {
  pepperoni: (
    <>
      <circle r="7.6" fill="#99261c" />
      <circle r="6.6" fill="#c63b2c" />
      <circle cx="-2.2" cy="-2.4" r="1.2" fill="#e4705f" />
      <circle cx="2.8" cy="0.8" r="1.1" fill="#e4705f" />
      <circle cx="-1" cy="3.2" r="1" fill="#a22c20" />
    </>
  ),
  salami: (
    <>
      <circle r="8" fill="#8d2f3b" />
      <circle r="7" fill="#c05a66" />
      <circle cx="-3" cy="-2.5" r="1.3" fill="#f7dcd7" />
      <circle cx="2.5" cy="-3" r="1" fill="#f7dcd7" />
      <circle cx="3.2" cy="2" r="1.4" fill="#f7dcd7" />
      <circle cx="-1.5" cy="2.8" r="1.2" fill="#f7dcd7" />
      <circle cx="0.2" cy="-0.3" r="0.9" fill="#f7dcd7" />
    </>
  ),
  sausage: (
    <>
      <path d="M-5.5-2.500Q-3.5-6.8 2-5T5.8 1.800Q3.5 6.6-2 5.400T-5.5-2.500Z" fill="#6b3b25" />
      <path d="M-4.2-2.400Q-2.6-5.4 1.7-4T4.4.8Q2.5 4.6-1.6 3.700T-4.2-2.400Z" fill="#8f5538" />
      <circle cx="-1.2" cy="-1.4" r="1.1" fill="#b9805c" />
      <circle cx="1.9" cy="1.5" r="0.9" fill="#5a301d" />
    </>
  ),
  bacon: (
    <>
      <path d="M-9-2.500q4.5-4 9 0t9 0v5q-4.5 4-9 0t-9 0Z" fill="#9c3527" />
      <path d="M-9-.8q4.5-4 9 0t9 0" fill="none" stroke="#f3c9ab" strokeWidth="1.5" />
      <path d="M-9 1.800q4.5-4 9 0t9 0" fill="none" stroke="#c8614a" strokeWidth="1" />
    </>
  ),
  ham: (
    <>
      <rect x="-6" y="-5" width="12" height="10" rx="2.4" fill="#d37a7a" />
      <rect x="-5" y="-4" width="10" height="8" rx="1.8" fill="#f2a9a6" />
      <path d="M-2.5-1.500h4M-.5 1.400h3.5" stroke="#fbd8d3" strokeWidth="1.1" strokeLinecap="round" />
    </>
  ),
  beef: (
    <>
      <circle cx="-3.2" cy="-1.5" r="3.7" fill="#54301f" />
      <circle cx="2.4" cy="-2.8" r="3.2" fill="#6b3f29" />
      <circle cx="1.6" cy="2.8" r="3.9" fill="#5d3623" />
      <circle cx="-2.2" cy="-2.2" r="1.2" fill="#8b5a3e" />
      <circle cx="2.4" cy="2" r="1.2" fill="#8b5a3e" />
    </>
  ),
  chicken: (
    <>
      <path d="M-7-1Q-6.5-5.5-1-4.800T7-1.500Q7.5 3 2 4.200T-7-1Z" fill="#a9702f" />
      <path d="M-5.6-1Q-5-4-1-3.400T5.4-1Q5.6 1.8 1.6 2.700T-5.6-1Z" fill="#f6dfb6" />
      <path d="M-2.8-2.4 0 1.600M.9-2.200l2.4 3" stroke="#8a5423" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  anchovy: (
    <>
      <path d="M-9 0Q-3-4.2 5-.8L9-3.600V3.600L5 .8Q-3 4.2-9 0Z" fill="#5d7183" />
      <path d="M-7 0Q-1-2 5 0" fill="none" stroke="#c3d0da" strokeWidth="1.2" />
      <circle cx="-6.2" cy="-0.5" r="0.8" fill="#1f2a33" />
    </>
  ),
};
