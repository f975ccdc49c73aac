import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceDurably } from '../instance/write-durably.ts';
import { type ScheduleFile, scheduleFile } from './schedule-schema.ts';

const fileOf = (dataDir: string) => join(dataDir, 'backup-schedule.json');

/** What is chosen and how it went last; as it is in the beginning where nothing was, or the file is damaged. */
export function readSchedule(dataDir: string): ScheduleFile {
  try {
    return scheduleFile.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return scheduleFile.parse({});
  }
}

/** Change a part of it. Returns all of it. */
export function writeSchedule(dataDir: string, change: Partial<ScheduleFile>): ScheduleFile {
  const after = { ...readSchedule(dataDir), ...change };
  replaceDurably(fileOf(dataDir), `${JSON.stringify(after, null, 2)}\n`, 0o600);
  return after;
}
