/** Whether two hosts are the same, whatever the case of their letters (of ASCII alone: RFC 9110 §4.2.3). */
export function isSameHost(host, other) {
  const small = (text) => text?.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return small(host) === small(other);
}
