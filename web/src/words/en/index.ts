// English: the table every other language must fill.
import { claims } from './claims';
import { desk } from './desk';
import { pages } from './pages';

export const en = { ...desk, ...claims, ...pages };

export type Messages = typeof en;
export type MessageKey = keyof Messages;
