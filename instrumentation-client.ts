import { config } from 'zod';

// Before any page's own code: zod tries whether it may make code of text. The content security policy refuses that, and its reports
// would hide those that matter.
config({ jitless: true });
