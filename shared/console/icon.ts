/** A bell: a tocsin is rung when something is wrong. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path fill="#c2410c" d="M16 3a2 2 0 0 1 2 2v.6a8 8 0 0 1 6 7.8V19l2.6 4.2A1.2 1.2 0 0 1 25.6 25H6.4a1.2 1.2 0 0 1-1-1.8L8 19v-5.6a8 8 0 0 1 6-7.8V5a2 2 0 0 1 2-2z"/>
<path fill="#c2410c" d="M12.5 27h7a3.5 3.5 0 0 1-7 0z"/>
</svg>`;
