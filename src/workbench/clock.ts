/** A moment of the cluster as the page writes it: seconds to the tenth below a minute, minutes and seconds above. */
export function clock(millis: number): string {
  const tenths = Math.floor(millis / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = ((tenths % 600) / 10).toFixed(1);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds.padStart(4, "0")} s`;
}
