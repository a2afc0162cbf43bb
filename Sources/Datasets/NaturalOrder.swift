/// Whether `first` comes before `second` as people sort names: runs of digits by the number they are, so that `2.png`
/// comes before `10.png`; what is equal by that is ordered by its bytes.
func naturallyPrecedes(_ first: String, _ second: String) -> Bool {
  let (a, b) = (Array(first.utf8), Array(second.utf8))
  var (i, j) = (0, 0)
  func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
  while i < a.count, j < b.count {
    guard isDigit(a[i]), isDigit(b[j]) else {
      if a[i] != b[j] { return a[i] < b[j] }
      i += 1
      j += 1
      continue
    }
    // Without the zeros before them, the longer run is the larger number.
    let (x, y) = (a[i...].prefix(while: isDigit), b[j...].prefix(while: isDigit))
    let (m, n) = (x.drop { $0 == 0x30 }, y.drop { $0 == 0x30 })
    if m.count != n.count { return m.count < n.count }
    if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
    i = x.endIndex
    j = y.endIndex
  }
  if a.count - i != b.count - j { return a.count - i < b.count - j }
  return a.lexicographicallyPrecedes(b)
}
