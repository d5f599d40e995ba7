// English: the table every other language must fill.
import { claims } from './claims';
import { desk } from './desk';
import { movements } from './movements';
import { pages } from './pages';
import { operation } from './operation';
import { picture } from './picture';

<<<<<<< HEAD
export const en = { ...desk, ...claims, ...movements, ...pages, ...picture };
=======
export const en = { ...desk, ...claims, ...pages, ...picture, ...operation };
>>>>>>> b41f7c7 (Show the operation board: what is left to move against the deadline, departures, clearances, claims and the flights behind each number)

export type Messages = typeof en;
export type MessageKey = keyof Messages;
