import { AppError, type ErrorCode, type FieldPath } from './app-error.ts';
import { explainDatabase } from './explain-database.ts';

/** What a client learns of an error: `error.data.berth`. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  field: FieldPath | null;
}

/** Of those refusals, the ones whose own text is only a code. */
const TRANSPORT_WORDS: Readonly<Record<string, string>> = {
  PAYLOAD_TOO_LARGE: 'the request is too large',
};

const MASKED = 'something went wrong inside Berth; its log tells what';

/** tRPC's own refusals (no such procedure, wrong method, body too large) as ours. */
const TRANSPORT_CODES: Readonly<Record<string, ErrorCode>> = {
  NOT_FOUND: 'not_found',
  METHOD_NOT_SUPPORTED: 'bad_input',
  BAD_REQUEST: 'bad_input',
  PARSE_ERROR: 'bad_input',
  PAYLOAD_TOO_LARGE: 'bad_input',
  UNSUPPORTED_MEDIA_TYPE: 'bad_input',
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Expected failures as they are; of surprises not a word. */
export function errorBody(error: unknown): ErrorBody {
  const cause = error instanceof Error ? error.cause : undefined;
  const expected = error instanceof AppError ? error : (explainDatabase(error) ?? cause);
  if (expected instanceof AppError) {
    return { code: expected.code, message: expected.message, field: expected.field };
  }
  const transport =
    error instanceof Error && 'code' in error ? TRANSPORT_CODES[String(error.code)] : undefined;
  if (transport !== undefined && error instanceof Error) {
    return {
      code: transport,
      message: TRANSPORT_WORDS[error.message] ?? lowerFirst(error.message),
      field: null,
    };
  }
  return { code: 'internal', message: MASKED, field: null };
}
