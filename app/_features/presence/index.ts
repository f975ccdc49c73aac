export { Attendance } from './attendance.tsx';
export { ChangeNotices } from './change-notices.tsx';
export { HereMark, HereNames, HereNow } from './here-now.tsx';
