/** What an answer has otherwise than the recording. */
export class Difference extends Error {}
