export { GuestRecordings } from './guest-recordings.tsx';
export { RecordingPage } from './recording-page.tsx';
export { RecordingsPage } from './recordings-page.tsx';
