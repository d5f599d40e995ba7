// English: the table every other language must fill. What the desk says is here; what only pages say is read with
// the first page (later.ts).
import { claims } from './claims';
import { desk } from './desk';
import type { later } from './later';
import { pages } from './pages';

export const en = { ...desk, ...claims, ...pages };

export type First = typeof en;
export type Later = typeof later;
export type Messages = First & Later;
export type MessageKey = keyof Messages;
