const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Source: RFC 4648. Bytes above 127 become characters one by one. */
export function decodeBase64(text: string): string {
  let bits = 0;
  let held = 0;
  let result = "";
  for (const character of text) {
    const value = BASE64.indexOf(character);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    result += String.fromCharCode((held >> bits) & 255);
  }
  return result;
}
