/** The largest file of a submission. Source: contract, "What bad input gets". */
export const FILE_BYTES_MAX: number = 1024 * 1024;

/** How many files one submission may hold. */
export const FILES_MAX = 64;

/** How deep `grade` looks for submissions below a path, and how many folders it opens. */
export const DEPTH_MAX = 8;
export const FOLDERS_MAX = 5000;

/** How many documents one YAML file may hold. */
export const DOCUMENTS_MAX = 200;

/** How many lines `commands.sh` may have. */
export const COMMANDS_MAX = 500;

/** Processor time for one graded lab. Source: contract, "Limits". */
export const CPU_SECONDS_MAX = 5;

/** The largest recording that `replay` and `why` read. */
export const RECORDING_BYTES_MAX: number = 16 * 1024 * 1024;
