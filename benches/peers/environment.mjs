// Imported before everything else, because libraries read these when they are loaded.
process.env.NODE_ENV = 'production';
// The SDKs report their use for a key of a development instance, which would be measured too.
process.env.CLERK_TELEMETRY_DISABLED = '1';
process.env.NEXT_TELEMETRY_DISABLED = '1';
